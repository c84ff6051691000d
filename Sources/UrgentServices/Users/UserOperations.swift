import Service

/// What somebody sees and sets of himself (spec 3.2).
enum UserOperations {
    private static let base = "/api/users/me"

    static func all(_ users: UrgentUsers) -> [Operation] {
        [
            .bare(.get, base, "getUrgentProfile", "Own profile", tag: "Urgent users", who: .signedIn) { call in
                try await users.profile(call.urgentUser())
            },
            .bare(
                .get, base + "/preferences", "getUrgentPreferences", "Of which orders one is told", tag: "Urgent users",
                who: .signedIn
            ) { call in
                try await users.preferences(call.urgentUser())
            },
            .bare(
                .put, base + "/preferences", "setUrgentPreferences", "Choose of which orders to be told", tag: "Urgent users",
                who: .signedIn, body: Preferences.self
            ) { call, body in
                try await users.save(body, of: call.urgentUser())
                return Done()
            },
            .bare(
                .get, base + "/notification-settings", "getUrgentNotificationSettings", "Whether and how often one is told",
                tag: "Urgent users", who: .signedIn
            ) { call in
                try await users.notificationSettings(call.urgentUser())
            },
            .bare(
                .put, base + "/notification-settings", "setUrgentNotificationSettings", "Choose whether and how often",
                tag: "Urgent users", who: .signedIn, body: NotificationSettingsBody.self
            ) { call, body in
                try await users.save(body, of: call.urgentUser())
                return Done()
            },
        ]
    }
}
