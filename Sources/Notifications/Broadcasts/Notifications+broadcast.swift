import JSON
import Jobs
import Postgres
import Service
import Values

/// Fifty people of a broadcast.
struct BroadcastPart: Shaped {
    let broadcastID: ID<Broadcast>
    let from: Int
    let count: Int

    static let shape = Shape<Self>(
        "BroadcastPart", Self.init, Field("broadcastId", { $0.broadcastID }), Field("from", { $0.from }),
        Field("count", { $0.count }))

    static let size = 50
}

/// Messages of staff to many.
extension Notifications {
    /// Notes whom it is for and hands it to jobs, fifty people each. Who comes later is not told.
    func accept(_ broadcast: NewBroadcast, by caller: Caller) async throws -> AcceptedBroadcast {
        guard categories.contains(broadcast.category) else { throw NotificationProblem.categoryUnknown.on("category") }
        // Security is the program's to speak of: it asks nobody whether it may come.
        if broadcast.category == NoticeCategory.security.name { throw NotificationProblem.categoryUnknown.on("category") }
        let now = clock.now()
        if let instant = broadcast.scheduledFor, instant <= now || instant > now + .days(90) {
            throw InvalidInput(field: "scheduledFor", code: "range", message: "must lie within the next ninety days")
        }
        let reach = try await reach(broadcast.scope, caller)
        let people = try await audiences.people(
            broadcast.audience ?? Audience(), within: reach, limit: NewBroadcast.most + 1)
        if people.count > NewBroadcast.most { throw NotificationProblem.tooManyRecipients.problem }
        let id = ID<Broadcast>.new()
        return try await database.transaction { _ in
            try await database.write(
                BroadcastQueries.insert(id, broadcast, total: people.count, by: try caller.user(), at: now),
                BroadcastQueries.insert(people, of: id))
            let parts = stride(from: 0, to: people.count, by: BroadcastPart.size).map {
                BroadcastPart(broadcastID: id, from: $0, count: BroadcastPart.size)
            }
            try await jobs.enqueue(
                NotificationJobs.sendBulk, all: parts, after: broadcast.scheduledFor.map { $0 - now } ?? .zero,
                fairness: broadcast.scopeID?.description ?? "")
            return AcceptedBroadcast(id: id, recipients: people.count)
        }
    }

    /// What of a scope a caller may speak to. Throws 404 for one that he does not see, or that is none.
    private func reach(_ scope: Scope, _ caller: Caller) async throws -> Reach {
        let permission: Permission = "messaging:manage"
        let reach = try caller.reach(permission)
        if scope == .platform {
            guard reach.isEverything else { throw HouseProblem.forbidden.problem }
            return reach
        }
        let path = try await audiences.path(of: scope)
        guard !path.isEmpty else { throw HouseProblem.notFound.problem }
        try caller.require(permission, on: path)
        return reach.narrowed(to: scope)
    }

    /// Refuses whoever may not send to the scope; nil is the platform.
    func requireSight(of scope: Scope?, _ caller: Caller) async throws {
        guard let scope else { return try caller.requirePlatform("messaging:manage") }
        let path = try await audiences.path(of: scope)
        guard !path.isEmpty else { throw HouseProblem.notFound.problem }
        try caller.require("messaging:manage", on: path)
    }

    /// Tells the people of a part, each over the channels that he has chosen, and not in his quiet hours. Repeatable: nobody is
    /// told twice.
    func carryOut(_ part: BroadcastPart) async throws {
        try await database.transaction { _ in
            let users = try await database.all(BroadcastQueries.take(part))
            guard !users.isEmpty, let text = try await database.first(BroadcastQueries.text(of: part.broadcastID)) else { return }
            let now = clock.now()
            let messages = try await messages(of: text, to: users, at: now)
            try await database.execute(BroadcastQueries.insert(messages, of: part.broadcastID, text, at: now))
            let listed = messages.filter { $0.type == .inApp }
            try await tell(listed.map(\.id), to: listed.map(\.user))
            let leaving = messages.filter { $0.type != .inApp }
            for (way, messages) in Dictionary(grouping: leaving, by: { Way(type: $0.type, from: $0.from) }) {
                try await jobs.enqueue(
                    NotificationJobs.kind(of: way.type), all: messages.map { SendNotification(notificationID: $0.id) },
                    after: way.from.map { max(.zero, $0 - now) } ?? .zero, fairness: text.scope?.id?.description ?? "",
                    priority: .low)
            }
            let told = Set(messages.map(\.user)).count
            try await database.execute(
                BroadcastQueries.count(part.broadcastID, sent: told, skipped: users.count - told, at: now))
        }
    }

    private struct Way: Hashable {
        let type: NotificationType
        let from: Instant?
    }

    /// A statement for each kind of knowledge, whatever the number of people.
    private func messages(of text: BroadcastText, to users: [UUID], at now: Instant) async throws -> [AddressedMessage] {
        let people = try await contacts.contacts(of: users)
        let ids = people.map(\.userID)
        let chosen = Dictionary(grouping: try await database.all(PreferenceQueries.chosen(by: ids, for: text.category)), by: \.user)
        let quiet = Dictionary(
            try await database.all(
                PreferenceQueries.quietEnds(of: ids, zones: people.map { $0.timeZone ?? "UTC" }, at: now)
            ).map { ($0.user, $0.end) }) { first, _ in first }
        let isListed = text.channels.contains(.inApp)
        // A digest is made of what is in the list.
        let digesting = isListed ? Set(try await database.all(BroadcastQueries.digesting(ids))) : []
        let devices = text.channels.contains(.push) ? try await addresses(BroadcastQueries.devices(of: ids)) : [:]
        let bots = channels.telegram.names
        let chats = text.channels.contains(.telegram) && !bots.isEmpty ? try await addresses(BroadcastQueries.chats(of: ids, bots)) : [:]
        return people.flatMap { person -> [AddressedMessage] in
            let choices = Dictionary((chosen[person.userID] ?? []).map { ($0.channel, $0.isEnabled) }) { first, _ in first }
            return text.channels.flatMap { channel -> [AddressedMessage] in
                let isWanted = choices[channel] ?? Preference.standard(NoticeCategory(text.category), channel)
                guard channel == .inApp || isWanted && !digesting.contains(person.userID) else { return [] }
                let addresses: [String] =
                    switch channel {
                    case .inApp: [person.userID.description]
                    case .email: person.email.map { [$0] } ?? []
                    case .sms: person.phone.map { [$0] } ?? []
                    case .push: devices[person.userID] ?? []
                    case .telegram: chats[person.userID] ?? []
                    case .whatsapp: []
                    }
                return addresses.map {
                    AddressedMessage(
                        id: .new(), type: channel, user: person.userID, recipient: $0, from: channel == .inApp ? nil : quiet[person.userID])
                }
            }
        }
    }

    private func addresses(_ statement: Statement<OwnedAddress>) async throws -> [UUID: [String]] {
        Dictionary(grouping: try await database.all(statement), by: \.user).mapValues { $0.map(\.address) }
    }

    /// By the link of a mail: no more of its kind.
    func unsubscribe(_ token: String) async throws -> Unsubscribed {
        guard let (user, category) = unsubscribing?.open(token) else { throw HouseProblem.notFound.problem }
        try await database.execute(BroadcastQueries.refuse(category, of: user))
        return Unsubscribed(category: category)
    }
}
