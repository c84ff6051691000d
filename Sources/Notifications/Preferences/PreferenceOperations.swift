import Service
import Values

/// One's own choices of what to be told.
struct PreferenceOperations {
    let door: Notifications

    var all: [Operation] { [read, write] }

    private static let path = "/api/v1/notifications/preferences"

    private var read: Operation {
        Operation.get(
            Self.path, "getNotificationPreferences", "What one is told, and when", tag: "Notifications", who: .signedIn,
            answer: Preferences.self
        ) { [door] call in
            try await door.preferences(of: call.caller.user())
        }.openWhenLocked()
    }

    private var write: Operation {
        Operation.put(
            Self.path, "setNotificationPreferences", "Choose what to be told, and when", tag: "Notifications", who: .signedIn,
            problems: [
                NotificationProblem.alwaysTold, NotificationProblem.categoryUnknown, NotificationProblem.chosenTwice,
            ],
            body: Preferences.self, answer: Preferences.self
        ) { [door] call, body in
            try await door.setPreferences(body, of: call.caller.user(), by: call.caller)
        }.openWhenLocked().described(
            "Replaces all choices. One's own list always fills; security, codes and receipts come at any hour.")
    }
}
