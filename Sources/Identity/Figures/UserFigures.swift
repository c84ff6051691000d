import Postgres
import Service
import Values

/// What Identity counts: accounts by day, and how they stand.
package struct UserFigures: Sendable {
    let database: Database

    var all: [Figure] {
        [
            Figure("users.registered", title: "Accounts made", product: "platform", by: "source") { day in
                try await database.all(UserFigureQueries.registered(on: day)).map(\.count)
            },
            Figure("users.active", title: "Accounts active", product: "platform", by: "kind", recount: .raises) { day in
                try await database.all(UserFigureQueries.active(on: day)).map(\.count)
            },
        ]
    }

    /// How accounts stand at this moment.
    ///
    /// - Parameter products: the product of each role.
    package func standing(at now: Instant, products: [String: String]) async throws -> UserStanding {
        let head = try await database.one(UserFigureQueries.head(at: now))
        let roles = try await database.all(UserFigureQueries.roles())
        let sources = try await database.all(UserFigureQueries.sources())
        var byProduct: [String: Int] = [:]
        for row in roles { byProduct[products[row.count.dimension] ?? "platform", default: 0] += Int(row.count.value) }
        return UserStanding(
            head: head, byRole: Dictionary(roles.map { ($0.count.dimension, Int($0.count.value)) }) { $1 },
            byProduct: byProduct, sources: Dictionary(sources.map { ($0.count.dimension, Int($0.count.value)) }) { $1 })
    }
}

/// How accounts stand.
package struct UserStanding: Sendable {
    package let head: UserHead
    /// Grants that hold.
    package let byRole: [String: Int]
    package let byProduct: [String: Int]
    package let sources: [String: Int]
}

/// The first figures of all accounts.
package struct UserHead: Row {
    /// With a grant on the platform.
    package let staff: Int
    package let activeStaff: Int
    package let staffLast30Days: Int
    package let users: Int
    package let newLast30Days: Int
    package let newBefore: Int
    /// Of those who came 31 to 60 days ago, how many there are, and how many were active in the last 30.
    package let cohort: Int
    package let retained: Int

    package init(_ row: inout RowReader) throws {
        staff = try row.next()
        activeStaff = try row.next()
        staffLast30Days = try row.next()
        users = try row.next()
        newLast30Days = try row.next()
        newBefore = try row.next()
        cohort = try row.next()
        retained = try row.next()
    }
}

/// One part of a dimension with its count.
package struct FigureRow: Row {
    package let count: FigureCount

    package init(_ row: inout RowReader) throws {
        let dimension: String = try row.next()
        count = FigureCount(dimension, try row.next())
    }
}

/// The SQL of accounts' figures.
enum UserFigureQueries {
    /// users_created_at_idx
    static func registered(on day: Day) -> Statement<FigureRow> {
        Statement(
            """
            select coalesce(u.source, 'unknown'), count(*) from identity.users u
            where u.created_at >= \(Instant(day)) and u.created_at < \(Instant(day.adding(days: 1))) group by 1 order by 1
            """, .report)
    }

    /// users_last_active_idx
    static func active(on day: Day) -> Statement<FigureRow> {
        Statement(
            """
            select case when exists (
                    select from identity.grants g where g.user_id = u.id and g.scope_type = 'platform' and g.revoked_at is null)
                then 'staff' else 'user' end, count(*)
            from identity.users u
            where u.last_active_at >= \(Instant(day)) and u.last_active_at < \(Instant(day.adding(days: 1)))
            group by 1 order by 1
            """, .report)
    }

    static func head(at now: Instant) -> Statement<UserHead> {
        let month = now - .days(30), before = now - .days(60)
        return Statement(
            """
            select count(*) filter (where s.is_staff),
                count(*) filter (where s.is_staff and u.status = 'active'),
                count(*) filter (where s.is_staff and u.last_active_at >= \(month)),
                count(*), count(*) filter (where u.created_at >= \(month)),
                count(*) filter (where u.created_at >= \(before) and u.created_at < \(month)),
                count(*) filter (where u.created_at >= \(before) and u.created_at < \(month)),
                count(*) filter (where u.created_at >= \(before) and u.created_at < \(month) and u.last_active_at >= \(month))
            from identity.users u
            left join (select distinct g.user_id, true as is_staff from identity.grants g
                where g.scope_type = 'platform' and g.revoked_at is null) s on s.user_id = u.id
            where u.deleted_at is null
            """, .report)
    }

    static func roles() -> Statement<FigureRow> {
        Statement(
            """
            select g.role, count(distinct g.user_id) from identity.grants g where g.revoked_at is null
            group by 1 order by 1
            """, .report)
    }

    static func sources() -> Statement<FigureRow> {
        Statement(
            """
            select coalesce(u.source, 'unknown'), count(*) from identity.users u where u.deleted_at is null
            group by 1 order by 1
            """, .report)
    }

    static var samples: [StatementSample] {
        [
            StatementSample("registered", registered(on: .first)), StatementSample("active", active(on: .first)),
            StatementSample("standing", head(at: Instant(microseconds: 0))), StatementSample("by role", roles()),
            StatementSample("by source", sources()),
        ]
    }
}
