import JSON
import Notifications
import Postgres
import Service
import Telegram
import Values

/// The door to accounts of people whom Telegram vouches for.
package struct TelegramAccounts: Sendable {
    let users: Users
    let signIns: SignIns
    let links: Links
    let bots: TelegramBots
    let notifications: Notifications?
    let isRegistrationOpen: @Sendable () -> Bool

    // MARK: Signing in

    /// Signs in whoever Telegram says it is; somebody new gets an account.
    func signIn(_ body: TelegramSignIn, from origin: Origin) async throws -> SignedIn {
        guard let bot = bots[body.bot] else { throw TelegramProblem.botUnknown.on("bot") }
        let person: TelegramPerson
        do {
            let now = users.clock.now()
            if let text = body.loginData { person = try bot.widget.verify(text, at: now) } else {
                person = try bot.initData.verify(body.initData ?? "", at: now).person
            }
        } catch {
            throw error == .expired ? TelegramProblem.initDataExpired.problem : TelegramProblem.initDataInvalid.problem
        }
        let user = try await account(of: person, by: bot.name, from: origin)
        return try await signIns.begin(forProved: user, after: .telegram, from: origin)
    }

    /// The account of a person whom Telegram has proved, made when there is none; of simultaneous first requests one makes it.
    /// What Telegram says of him newly is kept. Throws where nobody may register.
    package func account(of person: TelegramPerson, by bot: String, from origin: Origin) async throws -> User {
        let subject = String(person.id)
        let profile = JSONText(encoding: TelegramProfile(person))
        let now = users.clock.now()
        if let user = try await users.database.first(IdentityQueries.owner(.telegram, subject)) {
            try await users.database.execute(IdentityQueries.refresh(.telegram, subject, profile, at: now))
            if person.allowsWriting { try await notifications?.openTelegramChat(bot: bot, person: person.id, of: user.id.uuid) }
            return user
        }
        guard isRegistrationOpen() else { throw SignInProblem.registrationClosed.problem }
        return try await users.database.transaction { _ in
            _ = try await users.database.all(IdentityQueries.lock(.telegram, subject))
            if let user = try await users.database.first(IdentityQueries.owner(.telegram, subject)) { return user }
            let draft = NewUser(
                firstName: person.firstName, lastName: person.lastName ?? "", locale: .spoken(person.language),
                source: "telegram")
            let user = draft.user(status: .active, passwordHash: nil, at: now)
            try await users.insertProved(user)
            try await users.database.execute(IdentityQueries.insert(.telegram, subject, of: user.id, profile, at: now))
            await users.audit.record(
                AuditEntry("user_registered", "user", user.id.description), by: AuditActor(user, from: origin))
            try await users.outbox.publish(.registered, of: user.id)
            try await notifications?.adoptTelegramChats(of: person.id, by: user.id.uuid)
            if person.allowsWriting { try await notifications?.openTelegramChat(bot: bot, person: person.id, of: user.id.uuid) }
            return user
        }
    }

    /// Inside a transaction: whose account a person of Telegram has, who keeps it until the transaction ends. Nil where he has
    /// none (any more).
    package func keep(_ person: Int64) async throws -> ID<User>? {
        try await users.database.first(IdentityQueries.keep(.telegram, String(person)))
    }

    // MARK: Linking

    /// A link to one of our bots, by which it learns whose account the person has who follows it.
    func offerLink(_ name: String, to id: ID<User>) async throws -> TelegramLinkView {
        guard let username = bots[name]?.username else { throw TelegramProblem.botUnknown.on("bot") }
        let link = try await links.make(.telegramLink, for: id, email: nil)
        return TelegramLinkView(
            deepLink: "https://t.me/\(username)?start=\(Self.start)\(link.token.base64URL)", expiresAt: link.end)
    }

    private static let start = "link_"

    /// A person has begun to speak to a bot, with what the link carried that led him there. Notes that the bot may write to
    /// him; by a link of ours it becomes his account's Telegram, in place of another. Answers that account; nil where the
    /// link was none of those. For whoever takes the bot's updates.
    ///
    /// Throws `token_invalid` for a link that does not work any more, `telegram_taken`.
    package func begin(_ person: TelegramPerson, by bot: String, parameter: String?) async throws -> User? {
        guard let parameter, parameter.hasPrefix(Self.start) else {
            let owner = try await users.database.first(IdentityQueries.owner(.telegram, String(person.id)))
            try await notifications?.openTelegramChat(bot: bot, person: person.id, of: owner?.id.uuid)
            return nil
        }
        let subject = String(person.id)
        return try await users.database.transaction { _ in
            guard let link = try await links.use(String(parameter.dropFirst(Self.start.count)), for: [.telegramLink]) else {
                throw LinkProblem.tokenInvalid.problem
            }
            _ = try await users.database.all(IdentityQueries.lock(.telegram, subject))
            guard let user = try await users.database.first(UserQueries.lock(link.user)), user.maySignIn else {
                throw LinkProblem.tokenInvalid.problem
            }
            let owner = try await users.database.first(IdentityQueries.owner(.telegram, subject))
            if let owner, owner.id != user.id { throw TelegramProblem.telegramTaken.problem }
            if owner == nil {
                let now = users.clock.now()
                let profile = JSONText(encoding: TelegramProfile(person))
                try await forgetTelegram(of: user.id)
                try await users.database.execute(IdentityQueries.insert(.telegram, subject, of: user.id, profile, at: now))
                await users.audit.record(
                    AuditEntry("telegram_linked", "user", user.id.description),
                    by: AuditActor(id: user.id.uuid, kind: .user, name: user.name))
                try await notifications?.adoptTelegramChats(of: person.id, by: user.id.uuid)
            }
            try await notifications?.openTelegramChat(bot: bot, person: person.id, of: user.id.uuid)
            return user
        }
    }

    /// The account has no Telegram any more. Throws `not_linked`, and `last_way_in` where nobody could sign in any more.
    func unlink(_ id: ID<User>, by actor: AuditActor) async throws {
        try await users.database.transaction { _ in
            guard let user = try await users.database.first(UserQueries.lock(id)) else { throw HouseProblem.unauthorized.problem }
            guard try await users.database.first(IdentityQueries.subject(of: id, .telegram)) != nil else {
                throw TelegramProblem.notLinked.problem
            }
            let hasAnother = user.passwordHash != nil || user.emailVerifiedAt != nil || user.phoneVerifiedAt != nil
            guard hasAnother else { throw TelegramProblem.lastWayIn.problem }
            try await forgetTelegram(of: id)
            await users.audit.record(AuditEntry("telegram_unlinked", "user", id.description), by: actor)
        }
    }

    private func forgetTelegram(of id: ID<User>) async throws {
        try await users.database.execute(IdentityQueries.drop(of: id, .telegram))
        try await notifications?.dropTelegramChats(of: id.uuid)
    }
}
