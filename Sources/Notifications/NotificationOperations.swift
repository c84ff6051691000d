import Service
import Values

/// People's own notices, and the sandbox's outbox.
struct NotificationOperations {
    let door: Notifications
    let ranks: any Ranks

    var all: [Operation] { [list, unreadCount, read, readAll, outbox] }

    private static let tag = "Notifications"

    private var list: Operation {
        Operation.feed(
            "/api/v1/notifications", "listNotifications", "Notices, the newest first", tag: Self.tag, who: .signedIn,
            problems: [HouseProblem.forbidden], filter: NotificationFilter.self, item: NotificationView.self
        ) { [door] call, filter, request in
            let own = try call.caller.user()
            let user = filter.userID ?? own
            guard user == own || call.caller.can("messaging:read", on: []) else { throw HouseProblem.forbidden }
            let condition = NotificationCondition(
                user: user, type: filter.type, status: filter.status, category: filter.category, isRead: filter.read,
                since: filter.since, after: try request.notification)
            let rows = try await door.database.all(NotificationQueries.list(condition, limit: request.limit + 1))
            return Feed(fetched: rows.map { NotificationView(record: $0) }, limit: request.limit) {
                $0.record.id.description
            }
        }.openWhenLocked()
    }

    private var unreadCount: Operation {
        Operation.get(
            "/api/v1/notifications/unread-count", "countUnreadNotifications", "How many are unread", tag: Self.tag,
            who: .signedIn, answer: UnreadCount.self
        ) { [door] call in
            UnreadCount(count: try await door.unreadCount(of: call.caller.user()))
        }.openWhenLocked()
    }

    private var read: Operation {
        Operation.action(
            "/api/v1/notifications/{id}/read", "readNotification", "Mark a notice as read", tag: Self.tag,
            who: .signedIn, problems: [HouseProblem.notFound], answer: NotificationView.self
        ) { [door] call in
            guard let record = try await door.read(call.id(), by: call.caller.user()) else {
                throw HouseProblem.notFound
            }
            return NotificationView(record: record)
        }.openWhenLocked()
    }

    private var readAll: Operation {
        Operation.action(
            "/api/v1/notifications/read-all", "readAllNotifications", "Mark every notice as read", tag: Self.tag,
            who: .signedIn, answer: UpdatedCount.self
        ) { [door] call in
            UpdatedCount(updated: try await door.readAll(by: call.caller.user()))
        }.openWhenLocked()
    }

    private var outbox: Operation {
        Operation.feed(
            "/api/v1/notifications/outbox", "listOutbox", "What the sandbox would have sent, with codes and links",
            tag: Self.tag, who: .permission("settings:read"), problems: [HouseProblem.notFound],
            filter: OutboxFilter.self, item: OutboxMessage.self
        ) { [door, ranks] call, filter, request in
            let types = door.channels.sandboxed
            guard try call.caller.reach("settings:read").isEverything, !types.isEmpty else { throw HouseProblem.notFound }
            let rows = try await door.database.all(
                NotificationQueries.outbox(
                    types, recipient: filter.recipient, after: try request.notification, limit: request.limit + 1))
            let superiors = try await ranks.above(call.caller)
            let messages = try rows.map { record in
                var record = record
                if superiors.contains(where: { $0.isAddressee(of: record) }) { record.secret = nil }
                return OutboxMessage(record: record, text: try door.text(of: record), secret: try door.secret(of: record))
            }
            return Feed(fetched: messages, limit: request.limit) { $0.record.id.description }
        }.uncompressed().described("The codes and links of accounts above the caller on the platform are hidden.")
    }
}

extension CursorRequest {
    /// The notice after which the feed goes on.
    fileprivate var notification: ID<Notification>? {
        get throws {
            guard let cursor else { return nil }
            guard let id = ID<Notification>(cursor) else {
                throw InvalidInput(field: "cursor", code: "invalid", message: "Use a cursor of an earlier answer.")
            }
            return id
        }
    }
}
