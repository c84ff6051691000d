import Bots
import HTTP
import Payments
import Service

/// Where the board's providers call (spec 3.3): the platform's inbox and receiver under the contract's paths and words.
enum WebhookOperations {
    private static let tag = "Urgent: balance"

    static func all(_ inbox: WebhookInbox, _ bots: Bots, bot: String) -> [Operation] {
        [yooKassa(inbox), telegram(bots, bot)].map {
            $0.unlimited().acceptingAnyContentType().bodyLimit(Bots.largestUpdate)
        }
    }

    private static func yooKassa(_ inbox: WebhookInbox) -> Operation {
        .raw(
            .post, "/api/balance/webhook/yookassa", "receiveUrgentYooKassaWebhook",
            "An event of YooKassa, which vouches for it by its addresses", tag: tag, who: .provider,
            problems: [
                HouseProblem.networkRefused, UrgentProblem.paymentNotFound, UrgentProblem.paymentNotConfigured,
                UrgentProblem.validationError,
            ],
            success: Success(200)
        ) { call in
            do {
                let isKnown = try await inbox.hear(
                    RawWebhook(body: Array(call.body), fields: [:], address: call.caller.address), from: "yookassa")
                guard isKnown else { throw UrgentProblem.paymentNotFound }
            } catch PaymentProblem.signatureInvalid {
                // By its address it is not YooKassa: 403 in the contract's words.
                throw HouseProblem.networkRefused.problem
            } catch PaymentProblem.providerUnavailable {
                throw UrgentProblem.paymentNotConfigured
            }
            return .json(Array("{\"ok\":true}".utf8))
        }.described("What it says is only a reason to ask YooKassa. An unknown payment is 404, so that it is told again.")
    }

    private static func telegram(_ bots: Bots, _ name: String) -> Operation {
        .raw(
            .post, "/api/telegram/webhook", "receiveUrgentBotUpdate",
            "An update of the board's bot, with its secret in X-Telegram-Bot-Api-Secret-Token", tag: tag, who: .provider,
            problems: [UrgentProblem.badSignature, UrgentProblem.paymentProviderError, UrgentProblem.validationError],
            success: Success(200)
        ) { call in
            guard let bot = bots.listening(name),
                bots.vouches(call.field("x-telegram-bot-api-secret-token"), for: bot)
            else { throw UrgentProblem.badSignature }
            do { try await bots.receive(Array(call.body), of: bot) } catch let problem as Problem where problem.status == 503 {
                throw UrgentProblem.paymentProviderError
            }
            return .json(Array("{\"ok\":true}".utf8))
        }.described("Each update changes something once; what Telegram asks before a payment is answered before this is.")
    }
}
