import Crypto
import Jobs
import Postgres
import Runtime
import Service
import Values

/// One-time codes (0-platform, 4.2): six digits to an address, kept as HMAC under a pepper, guessed a few times at most, used
/// once.
package struct Codes: Sendable {
    static let again = Duration.seconds(60)
    static let perHour = 5
    static let perDay = 15
    static let perHourAndAddress = 20

    private let notifications: Notifications
    private let pepper: [UInt8]

    package init(_ notifications: Notifications, pepper: [UInt8]) {
        self.notifications = notifications
        self.pepper = pepper
    }

    /// A code on its way.
    package struct Sent: Sendable {
        package let expiresIn: Int
        package let resendAfter: Int
    }

    /// Makes a code and hands it to the channel of its subject. Throws `code_too_soon`, `too_many_codes`.
    ///
    /// - Parameters:
    ///   - scope: who asks, where that is a tenant; his codes are his alone.
    ///   - user: whose account it is about, if somebody's; only he can use it then.
    ///   - reader: whose address it is, as far as known: the code is his secret, also in the outbox.
    ///   - isQuiet: the code is counted and kept, and goes nowhere: so that nobody learns who is known here.
    package func send(
        _ purpose: CodePurpose, to subject: CodeSubject, scope: Scope? = nil, user: UUID? = nil, reader: UUID? = nil,
        from address: String?, locale: String = "en", isQuiet: Bool = false
    ) async throws -> Sent {
        let terms = CodeTerms(subject, purpose)
        let now = notifications.clock.now()
        let code = CodeGenerator().next()
        let scope = Self.text(of: scope)
        let database = notifications.database
        try await database.transaction { _ in
            let network = address.map { AddressNetwork.of($0) }
            // Always in this order, so that no two wait for each other.
            if let network { _ = try await database.all(CodeQueries.lock("address:\(network)")) }
            _ = try await database.all(CodeQueries.lock(subject.text))
            try check(try await database.one(CodeQueries.counts(of: subject.text, from: network, at: now)), at: now)
            try await database.execute(CodeQueries.end(purpose, subject.text, scope, at: now))
            try await database.execute(
                CodeQueries.insert(
                    NewCode(
                        purpose: purpose, subject: subject.text, scope: scope, user: user,
                        hash: hash(code, purpose, subject, scope), terms: terms, address: network, now: now)))
            if !isQuiet { try await hand(code, to: subject, user: user ?? reader, terms, locale) }
        }
        return Sent(expiresIn: Int(terms.life.components.seconds), resendAfter: Int(Self.again.components.seconds))
    }

    /// A code that somebody guessed at.
    package struct Used: Row, Sendable {
        let isRight: Bool
        /// Whose account it is about, if somebody's.
        package let user: UUID?
        /// From which network it was asked for.
        package let network: String?

        package init(_ row: inout RowReader) throws {
            isRight = try row.next()
            user = try row.next()
            network = try row.next()
        }
    }

    /// How the network of an address is kept.
    package static func network(of address: String) -> String { AddressNetwork.of(address) }

    /// Uses a code up. Throws `code_invalid`, `code_expired`, `code_locked`. Outside of transactions: a wrong guess has to be
    /// counted whatever follows.
    @discardableResult
    package func use(
        _ code: String, _ purpose: CodePurpose, of subject: CodeSubject, scope: Scope? = nil, user: UUID? = nil
    ) async throws -> Used {
        let now = notifications.clock.now()
        let scope = Self.text(of: scope)
        let hash = hash(code, purpose, subject, scope)
        let guess = CodeQueries.guess(hash, purpose, subject.text, scope, user: user, at: now)
        if let used = try await notifications.database.first(guess) {
            if used.isRight { return used }
            throw CodeProblem.codeInvalid.problem
        }
        guard let open = try await notifications.database.first(CodeQueries.open(purpose, subject.text, scope)) else {
            throw CodeProblem.codeInvalid.problem
        }
        if open.expiresAt <= now { throw CodeProblem.codeExpired.problem }
        if open.isLocked { throw CodeProblem.codeLocked.retry(after: 60) }
        throw CodeProblem.codeInvalid.problem
    }

    /// The phone that a user wants to prove, if any.
    package func pendingPhone(of user: UUID) async throws -> PhoneNumber? {
        try await notifications.database.first(CodeQueries.subject(of: user, .phone)).flatMap { PhoneNumber($0) }
    }

    package func purge() async throws {
        let before = notifications.clock.now() - .days(1)
        while try await notifications.database.execute(CodeQueries.purge(before: before)) == 1000 {}
    }

    private func check(_ counts: CodeCounts, at now: Instant) throws {
        if let last = counts.last, now < last + Self.again {
            throw CodeProblem.codeTooSoon.retry(after: max(1, Int((last + Self.again - now).components.seconds)))
        }
        if counts.ofDay >= Self.perDay { throw CodeProblem.tooManyCodes.retry(after: 24 * 3600) }
        if counts.ofHour >= Self.perHour || counts.fromAddress >= Self.perHourAndAddress {
            throw CodeProblem.tooManyCodes.retry(after: 3600)
        }
    }

    private func hand(
        _ code: String, to subject: CodeSubject, user: UUID?, _ terms: CodeTerms, _ locale: String
    ) async throws {
        let minutes = String(terms.life.components.seconds / 60)
        switch subject {
        case .email(let email):
            var notice = Notice(
                template: .code, in: locale, ["code": Notice.secretMark, "minutes": minutes], secret: code, priority: .critical)
            notice.lifetime = terms.life
            _ = try await notifications.add(
                NewMessage(type: .email, userID: user, recipient: email.text, notice: notice), from: nil)
        case .phone(let phone):
            // To the letter, since the operators compare; the minutes differ where they do not.
            let text = DLTTemplate.otp.filled([Notice.secretMark]).replacing("10 minutes", with: "\(minutes) minutes")
            var notice = Notice(
                .security, subject: "", body: text, secret: code, priority: .critical, template: TemplateKey.code.rawValue)
            notice.lifetime = terms.life
            _ = try await notifications.add(
                NewMessage(type: .sms, userID: user, recipient: phone.text, notice: notice, registered: .otp), from: nil)
        }
    }

    private func hash(_ code: String, _ purpose: CodePurpose, _ subject: CodeSubject, _ scope: String) -> [UInt8] {
        HMACSHA256.authenticate("\(purpose.rawValue)|\(subject.text)|\(scope)|\(code)", key: pepper)
    }

    private static func text(of scope: Scope?) -> String { scope.map { "\($0.type.name):\($0.id?.description ?? "")" } ?? "" }
}

/// The network that an address stands for: itself, or the first 64 bits of IPv6, of which every household has more than it
/// can use.
enum AddressNetwork {
    static func of(_ address: String) -> String {
        guard let bytes = SocketAddress(ip: address, port: 0)?.addressBytes, bytes.count == 16 else { return address }
        return Hex.encode(Array(bytes.prefix(8)))
    }
}
