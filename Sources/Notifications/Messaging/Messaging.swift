import Crypto
import Postgres
import Service
import Values

/// The door to short messages that a scope sends and pays for.
package struct Messaging: Sendable {
    let notifications: Notifications
    let codes: Codes
    private let tokenKey: [UInt8]

    /// - Parameter tokenKey: vouches for phones that were proved.
    package init(_ notifications: Notifications, codes: Codes, tokenKey: [UInt8]) {
        self.notifications = notifications
        self.codes = codes
        self.tokenKey = tokenKey
    }

    /// Sends a message of a registered text while the caller waits. Credits are set aside first, spent when the provider has
    /// taken it and given back when he has not; where that is not known they stay set aside for a day and are spent then.
    /// Repeatable under its effect: what was begun is gone on with.
    func send(_ body: TemplateMessage, from scope: Scope?, as effect: Effect) async throws -> SentTemplateMessage {
        guard body.variables.count == body.templateType.variables else {
            throw MessagingProblem.variablesMismatch.on("variables").with("expected", .number("\(body.templateType.variables)"))
        }
        guard notifications.channels.sms.choose(body.templateType, to: body.phone) != nil else {
            throw MessagingProblem.smsUnavailable.problem
        }
        let id = ID<Notification>(effect.id)
        let text = body.templateType.filled(body.variables)
        let credits = SMSText.segments(of: text)
        let database = notifications.database
        try await database.transaction { _ in
            var notice = Notice(.system, subject: "", body: text, scope: scope)
            notice.template = body.templateType.rawValue
            let message = NewMessage(
                type: .sms, userID: nil, recipient: body.phone, notice: notice,
                metadata: body.subjectID.map { ["subjectId": $0.description] } ?? [:], registered: body.templateType)
            guard try await notifications.write(message, id: id) else { return }
            if let scope { try await notifications.meter(of: scope)?.reserve([MessageCredits(id.uuid, credits)], of: scope) }
        }
        do {
            try await notifications.deliver(id)
        } catch {
            try await notifications.giveUp(id, because: "\(error)")
        }
        let status = try await database.first(NotificationQueries.one(id))?.status ?? .failed
        guard status != .failed else { throw MessagingProblem.smsUnavailable.problem }
        return SentTemplateMessage(messageID: id, creditsUsed: notifications.meter(of: scope) == nil ? 0 : credits, status: status)
    }

    // MARK: Proved phones

    /// `<base64url of "phone|scope|seconds">.<its HMAC>`.
    func token(for phone: PhoneNumber, scope: Scope?, at now: Instant) -> String {
        let end = (now + .minutes(10)).secondsSince1970
        let payload = Base64.encodeURL("\(phone.text)|\(Self.text(of: scope))|\(end)")
        return payload + "." + Base64.encodeURL(HMACSHA256.authenticate(payload, key: tokenKey))
    }

    /// The phone that a token proves for a scope; nil when it proves none, or not any more.
    package func phone(provedBy token: String, for scope: Scope?, at now: Instant) -> PhoneNumber? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let code = Base64.decodeURL(Array(parts[1].utf8)), let bytes = Base64.decodeURL(Array(parts[0].utf8)),
            ConstantTime.equal(code, HMACSHA256.authenticate(String(parts[0]), key: tokenKey))
        else { return nil }
        let members = String(decoding: bytes, as: UTF8.self).split(separator: "|", omittingEmptySubsequences: false)
        guard members.count == 3, members[1] == Self.text(of: scope), let end = Int64(members[2]), now.secondsSince1970 <= end else {
            return nil
        }
        return PhoneNumber(members[0])
    }

    private static func text(of scope: Scope?) -> String { scope.map { "\($0.type.name):\($0.id?.description ?? "")" } ?? "" }
}
