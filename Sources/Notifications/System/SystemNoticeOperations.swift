import Service
import Values

/// What the platform's staff is told, each according to his roles.
struct SystemNoticeOperations {
    let door: Notifications

    var all: [Operation] { [list, read, readAll] }

    private static let path = "/api/v1/notifications/system"
    private static let tag = "Notifications"

    private var list: Operation {
        Operation.feed(
            Self.path, "listSystemNotices", "What the platform's staff is told, the newest first", tag: Self.tag,
            who: .signedIn, problems: [HouseProblem.forbidden], filter: SystemNoticeFilter.self, item: SystemNoticeView.self
        ) { [door] call, filter, request in
            let roles = try call.caller.platformRoles()
            let cursor: ID<SystemNotice>? = try request.cursor.map { text in
                guard let id = UUID(text) else { throw HouseProblem.invalidInput.on("cursor") }
                return ID(id)
            }
            let rows = try await door.database.all(
                SystemNoticeQueries.list(filter, for: call.caller.user(), roles, after: cursor, limit: request.limit + 1))
            return Feed(fetched: rows, limit: request.limit) { $0.id.description }
        }
    }

    private var read: Operation {
        Operation.action(
            Self.path + "/{id}/read", "readSystemNotice", "Mark a system notice as read", tag: Self.tag, who: .signedIn,
            problems: [HouseProblem.forbidden, HouseProblem.notFound], answer: SystemNoticeView.self
        ) { [door] call in
            let roles = try call.caller.platformRoles()
            let user = try call.caller.user()
            let id: ID<SystemNotice> = try call.id()
            guard try await door.database.first(SystemNoticeQueries.one(id, for: user, roles)) != nil else {
                throw HouseProblem.notFound
            }
            try await door.database.execute(SystemNoticeQueries.read(id, by: user, at: call.now))
            return try await door.database.one(SystemNoticeQueries.one(id, for: user, roles))
        }
    }

    private var readAll: Operation {
        Operation.action(
            Self.path + "/read-all", "readAllSystemNotices", "Mark every system notice as read", tag: Self.tag, who: .signedIn,
            problems: [HouseProblem.forbidden], answer: UpdatedCount.self
        ) { [door] call in
            let roles = try call.caller.platformRoles()
            let user = try call.caller.user()
            return UpdatedCount(
                updated: try await door.database.execute(SystemNoticeQueries.readAll(by: user, roles, at: call.now)))
        }
    }
}

extension Notifications {
    /// Tells the platform's staff; the same key once. In the caller's transaction.
    package func announce(_ notice: SystemNotice) async throws {
        try await database.execute(SystemNoticeQueries.insert(notice, at: clock.now()))
    }
}

extension Caller {
    /// The roles that a member of the platform's staff has there. Refuses everybody else.
    fileprivate func platformRoles() throws -> [String] {
        _ = try user()
        let roles = principal?.grants.filter { $0.scope == .platform }.map(\.role) ?? []
        if roles.isEmpty { throw HouseProblem.forbidden.problem }
        return roles
    }
}
