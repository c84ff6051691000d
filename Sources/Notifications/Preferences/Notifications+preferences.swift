import Postgres
import Service
import Values

/// What people want to be told, over which channels, and when.
extension Notifications {
    /// Whoever has chosen nothing has the standard.
    func preferences(of user: UUID) async throws -> Preferences {
        let chosen = try await database.all(PreferenceQueries.all(of: user))
        let quiet = try await database.first(PreferenceQueries.quiet(of: user))
        return Preferences(preferences: chosen, quietFrom: quiet?.from, quietTo: quiet?.to, digest: quiet?.digest ?? Digest.none)
    }

    /// Replaces a person's choices. What warns him of thieves he cannot turn off.
    func setPreferences(_ wanted: Preferences, of user: UUID, by caller: Caller) async throws -> Preferences {
        try check(wanted)
        let zone = try await contacts.contacts(of: [user]).first?.timeZone ?? "UTC"
        return try await database.transaction { _ in
            _ = try await database.all(PreferenceQueries.lock(user))
            try await caller.checkMatch()
            try await database.execute(PreferenceQueries.drop(of: user))
            try await database.execute(PreferenceQueries.insert(wanted.preferences, of: user))
            try await database.execute(PreferenceQueries.keepQuiet(wanted, of: user, zone: zone, at: clock.now()))
            return try await preferences(of: user)
        }
    }

    private func check(_ wanted: Preferences) throws {
        var seen: Set<String> = []
        for (index, choice) in wanted.preferences.enumerated() {
            let field = "preferences[\(index)]"
            if choice.category == NoticeCategory.security.name { throw NotificationProblem.alwaysTold.on("\(field).category") }
            guard categories.contains(choice.category) else { throw NotificationProblem.categoryUnknown.on("\(field).category") }
            if choice.channel == .inApp { throw NotificationProblem.alwaysTold.on("\(field).channel") }
            guard seen.insert("\(choice.category) \(choice.channel)").inserted else {
                throw NotificationProblem.chosenTwice.on(field)
            }
        }
    }

    /// Over which channels a notice goes to a person, and from when on: his own list at once, the others as he has chosen and
    /// not before his quiet ends. What is urgent asks nothing.
    func ways(of user: UUID, for notice: Notice) async throws -> Ways {
        if notice.disturbs { return Ways(refused: [], from: nil) }
        let chosen = try await database.all(PreferenceQueries.chosen(by: [user], for: notice.category.name))
        var refused = Set(
            [NotificationType.email, .sms, .push, .telegram].filter { !Preference.standard(notice.category, $0) })
        for choice in chosen {
            if choice.isEnabled { refused.remove(choice.channel) } else { refused.insert(choice.channel) }
        }
        let quiet = try await database.first(PreferenceQueries.quiet(of: user))
        // His list has it, and the digest is made of that.
        if let digest = quiet?.digest, digest != Digest.none, notice.priority == .low {
            return Ways(refused: Set(NotificationType.allCases), from: nil)
        }
        return Ways(refused: refused, from: try await quietEnd(of: user, quiet))
    }

    /// When the quiet ends that a person wants now; nil when he does not.
    private func quietEnd(of user: UUID, _ quiet: QuietRow?) async throws -> Instant? {
        if quiet?.from == nil { return nil }
        let zone = try await contacts.contacts(of: [user]).first?.timeZone ?? "UTC"
        return try await database.first(PreferenceQueries.quietEnds(of: [user], zones: [zone], at: clock.now()))?.end
    }
}

/// How a notice may reach somebody.
struct Ways: Sendable {
    let refused: Set<NotificationType>
    /// Nothing leaves before; nil for at once.
    let from: Instant?

    func allows(_ type: NotificationType) -> Bool { !refused.contains(type) }
}
