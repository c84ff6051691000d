import Crypto
import HTTP
import JSON
import Service
import Synchronization
import Values

/// Messages to phones by Firebase Cloud Messaging, HTTP v1, as a service account.
struct FCMProvider: PushProvider {
    let name = "fcm"
    let isSandbox = false

    let service: OutsideHTTP
    let project: String
    let tokens: GoogleTokens

    func send(_ message: OutgoingPush) async throws -> String? {
        let answer: ClientResponse
        do {
            let token = try await tokens.current()
            answer = try await service.send(
                .post, "/v1/projects/\(project)/messages:send", fields: [("Authorization", "Bearer \(token)")],
                body: .json(["message": Self.body(message)]))
        } catch let failure as OutsideFailure { throw DeliveryFailure(repeatable: failure, of: "FCM") }
        let body = (try? JSONValue.decode(json: answer.body)) ?? .null
        if (200..<300).contains(answer.status) { return body["name"]?.string.map { String($0.suffix(200)) } }
        let code = (body["error"]?["details"]?.array ?? []).lazy.compactMap { $0["errorCode"]?.string }.first
        let violations = (body["error"]?["details"]?.array ?? []).flatMap { $0["fieldViolations"]?.array ?? [] }
        let isAboutToken = violations.contains { $0["field"]?.string == "message.token" }
        let reason = "FCM answered \(answer.status)\(code.map { " (\($0.prefix(60)))" } ?? "")"
        if answer.status == 404 || code == "UNREGISTERED" || answer.status == 400 && isAboutToken {
            throw DeliveryFailure.deadAddress(reason)
        }
        throw DeliveryFailure.refused(reason)
    }

    private static func body(_ message: OutgoingPush) -> JSONValue {
        var sound: [(name: String, value: JSONValue)] = [("sound", "default")]
        if let badge = message.content.badge { sound.append(("badge", .number("\(badge)"))) }
        return [
            "token": .string(message.device.token),
            "notification": ["title": .string(message.title), "body": .string(message.body)],
            "data": JSONValue(encoding: message.content.data),
            "android": ["priority": message.isUrgent ? "high" : "normal"], "apns": ["payload": ["aps": .object(sound)]],
        ]
    }
}

extension DeliveryFailure {
    /// A service that says it failed is asked again; where no answer came nobody knows.
    init(repeatable failure: OutsideFailure, of name: String) {
        if case .failing = failure { self = .later("\(name) \(failure)") } else { self.init(failure, of: name) }
    }
}

/// Access tokens of a Google service account (RFC 7523): asked for with a signed assertion, kept until shortly before their end.
final class GoogleTokens: Sendable {
    private static let scope = "https://www.googleapis.com/auth/firebase.messaging"

    private let service: OutsideHTTP
    private let address: String
    private let email: String
    private let key: RS256PrivateKey
    private let clock: Clock
    private let kept = Mutex<(token: String, end: Instant)?>(nil)

    /// - Parameter address: where tokens are had, which is also whom the assertion is for.
    init(_ service: OutsideHTTP, address: String, email: String, key: RS256PrivateKey, clock: Clock = .system) {
        self.service = service
        self.address = address
        self.email = email
        self.key = key
        self.clock = clock
    }

    /// Throws `OutsideFailure`.
    func current() async throws -> String {
        let now = clock.now()
        if let kept = kept.withLock({ $0 }), now < kept.end { return kept.token }
        let answer = try await service.send(
            .post, "",
            body: .form([
                ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", assertion(at: now)),
            ]))
        guard answer.status == 200, let body = try? JSONValue.decode(json: answer.body),
            let token = body["access_token"]?.string, let seconds = body["expires_in"]?.int
        else { throw OutsideFailure.rejectingUs(answer.status) }
        kept.withLock { $0 = (token, now + .seconds(max(0, seconds - 60))) }
        return token
    }

    private func assertion(at now: Instant) -> String {
        let claims: JSONValue = [
            "iss": .string(email), "scope": .string(Self.scope), "aud": .string(address),
            "iat": .number("\(now.secondsSince1970)"), "exp": .number("\((now + .hours(1)).secondsSince1970)"),
        ]
        let signed = Base64.encodeURL(#"{"alg":"RS256","typ":"JWT"}"#) + "." + Base64.encodeURL(claims.jsonBytes)
        return signed + "." + Base64.encodeURL(key.sign(signed))
    }
}
