import Service
import Values

/// One notice, and the end of notices.
struct InboxOperations {
    let door: Notifications

    var all: [Operation] { [one, delete, deleteRead] }

    private static let tag = "Notifications"

    private var one: Operation {
        Operation.get(
            "/api/v1/notifications/{id}", "getNotification", "One notice or message, and what became of it", tag: Self.tag,
            who: .signedIn, problems: [HouseProblem.notFound], answer: NotificationDetail.self
        ) { [door] call in
            let id: ID<Notification> = try call.id()
            guard let record = try await door.database.first(NotificationQueries.one(id)),
                record.userID == (try call.caller.user()) || call.caller.can("messaging:read", on: [])
            else { throw HouseProblem.notFound }
            return NotificationDetail(record: record)
        }.openWhenLocked().described("The recipient's own, or any for readers of all messages. Codes and links are hidden.")
    }

    private var delete: Operation {
        Operation.delete(
            "/api/v1/notifications/{id}", "deleteNotification", "Take a notice out of one's list", tag: Self.tag,
            who: .signedIn, problems: [HouseProblem.notFound]
        ) { [door] call in
            try await door.delete(call.id(), by: call.caller)
        }.openWhenLocked()
    }

    private var deleteRead: Operation {
        Operation.delete(
            "/api/v1/notifications/read", "deleteReadNotifications", "Take every read notice out of one's list",
            tag: Self.tag, who: .signedIn
        ) { [door] call in
            try await door.deleteRead(by: call.caller.user())
        }.openWhenLocked()
    }
}
