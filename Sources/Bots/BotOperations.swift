import Payments
import Service
import Telegram

/// Where Telegram calls.
struct BotOperations {
    let bots: Bots

    var all: [Operation] { [receive] }

    private var receive: Operation {
        .raw(
            .post, "/api/v1/notifications/webhook/telegram/{bot}", "receiveBotUpdate",
            "An update of one of our bots, with its secret in X-Telegram-Bot-Api-Secret-Token", tag: "Notifications",
            who: .provider, problems: [PaymentProblem.signatureInvalid, PaymentProblem.providerUnavailable],
            success: Success(200)
        ) { [bots] call in
            guard let bot = bots.listening(try call.text("bot")) else { throw HouseProblem.notFound.problem }
            guard bots.vouches(call.field("x-telegram-bot-api-secret-token"), for: bot) else {
                throw PaymentProblem.signatureInvalid
            }
            try await bots.receive(Array(call.body), of: bot)
            return .json(Array("{\"ok\":true}".utf8))
        }.unlimited().acceptingAnyContentType().bodyLimit(Bots.largestUpdate).withoutIdempotency()
            .described("Each update changes something once. What Telegram asks before a payment is answered before this is.")
    }
}

extension Bots {
    /// In bytes.
    package static let largestUpdate = 256 << 10

    /// `take` for a route: where Telegram could not be answered it is told to come again.
    package func receive(_ bytes: [UInt8], of bot: TelegramBot) async throws {
        do { try await take(bytes, of: bot) } catch is OutsideFailure {
            throw PaymentProblem.providerUnavailable.retry(after: 1)
        }
    }
}
