import Crypto
import HTTP
import JSON
import Service
import Values

/// A bot of ours, by its Bot API.
package struct TelegramBot: Sendable {
    /// `condo`, `urgent`: how the program calls it.
    package let name: String
    /// How Telegram calls it, without the `@`; nil where nobody has said.
    package let username: String?
    /// What Telegram says with each update that it brings; nil where it brings none.
    package let webhookSecret: String?
    package let initData: InitDataVerifier
    package let widget: LoginWidget
    private let base: String
    private let service: OutsideService
    private let clock: Clock
    private let pace: TelegramPace

    /// - Parameters:
    ///   - token: what BotFather gave.
    ///   - base: `https://api.telegram.org`.
    ///   - proof, telegram, life: how init data is judged.
    package init(
        name: String, token: String, username: String? = nil, webhookSecret: String? = nil, base: String,
        proof: InitDataProof = .hmac, telegram: Ed25519PublicKey = .telegram, life: Duration = .days(1),
        service: OutsideService, clock: Clock = .system
    ) {
        self.name = name
        self.username = username
        self.webhookSecret = webhookSecret
        self.base = "\(base)/bot\(token)/"
        self.service = service
        self.clock = clock
        initData = InitDataVerifier(token: token, proof: proof, telegram: telegram, life: life)
        widget = LoginWidget(token: token, life: life)
        pace = TelegramPace()
    }

    /// Asks one method, and returns its result. Throws `TelegramFailure`, `ClientError`, `OutsideUnavailable`.
    package func call(_ method: String, _ body: JSONValue) async throws -> JSONValue {
        guard let url = ClientURL(base + method) else { throw TelegramFailure.refused(0, "no address of the Bot API") }
        let answer = try await service.send(
            ClientRequest(
                .post, url, fields: [("Content-Type", "application/json")], body: body.jsonBytes, largestAnswer: 1 << 20))
        guard let json = try? JSONValue.decode(json: answer.body), let isDone = json["ok"]?.bool else {
            throw answer.status >= 500 ? TelegramFailure.failing(answer.status) : .refused(answer.status, "not the Bot API's answer")
        }
        if isDone { return json["result"] ?? .null }
        let code = json["error_code"]?.int ?? answer.status
        switch code {
        case 429: throw TelegramFailure.busy(.seconds(min(max(json["parameters"]?["retry_after"]?.int ?? 1, 1), 3600)))
        case 403: throw TelegramFailure.blocked
        case 500...: throw TelegramFailure.failing(code)
        case 400 where json["description"]?.string?.contains("chat not found") == true: throw TelegramFailure.blocked
        default: throw TelegramFailure.refused(code, String((json["description"]?.string ?? "").prefix(200)))
        }
    }

    /// Sends a text to somebody, as it is: nothing in it is markup. Answers Telegram's id of the message.
    package func send(_ text: String, button: TelegramButton? = nil, to person: Int64) async throws -> String? {
        if let wait = pace.wait(for: person, at: clock.now()) { throw TelegramFailure.busy(wait) }
        var message: [(name: String, value: JSONValue)] = [
            ("chat_id", .number("\(person)")), ("text", .string(Self.cut(text))),
            ("link_preview_options", ["is_disabled": true]),
        ]
        if let button { message.append(("reply_markup", ["inline_keyboard": [[button.json]]])) }
        let result = try await call("sendMessage", .object(message))
        return result["message_id"]?.int.map { "\(person):\($0)" }
    }

    /// Has Telegram bring the bot's updates to an address, each with the bot's secret.
    ///
    /// - Parameter kinds: of updates, in Telegram's words.
    package func bringUpdates(to address: String, _ kinds: [String]) async throws {
        var wish: [(name: String, value: JSONValue)] = [
            ("url", .string(address)), ("allowed_updates", .array(kinds.map { .string($0) })), ("max_connections", .number("40")),
        ]
        if let webhookSecret { wish.append(("secret_token", .string(webhookSecret))) }
        _ = try await call("setWebhook", .object(wish))
    }

    /// A message has 4096 characters at the most; Telegram counts them in UTF-16.
    static func cut(_ text: String) -> String {
        var left = 4096
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix { scalar in
                    left -= UTF16.width(scalar)
                    return left >= 0
                }))
    }
}

/// What stands below a message, and where it leads.
package struct TelegramButton: Equatable, Sendable {
    let title: String
    let url: String

    package init(_ title: String, _ url: String) {
        self.title = title
        self.url = url
    }

    fileprivate var json: JSONValue { ["text": .string(title), "url": .string(url)] }
}

/// Why the Bot API has not done what it was asked. None of these quotes the address, of which the token is a part.
package enum TelegramFailure: Error, Equatable, CustomStringConvertible {
    /// Not before this time.
    case busy(Duration)
    /// The person has blocked the bot, or has never spoken to it.
    case blocked
    case failing(Int)
    case refused(Int, String)

    package var description: String {
        switch self {
        case .busy: "Telegram has enough for the moment"
        case .blocked: "the bot may not write to this person"
        case .failing(let status): "Telegram answered \(status)"
        case .refused(let code, let reason): "Telegram refused (\(code)): \(reason)"
        }
    }
}
