import Postgres
import Service
import Values

/// The SQL of the board's people for staff.
enum StaffPeopleQueries {
    private static let columns: SQL = """
        \(UserQueries.profileColumns), u.created_at, u.blocked_at, u.blocked_reason,
        (select count(*) from urgent.executor_complaints k where k.client_id = u.id),
        (select count(*) from urgent.executor_takes k where k.executor_id = u.id)
        """

    /// Newest first; what is counted of each is counted of this stretch alone. Indexes `users_created`, `users_search`,
    /// `users_staff`, `users_blocked`.
    static func page(_ condition: PeopleCondition, _ page: Slice) -> Statement<StaffPerson> {
        Statement(
            """
            select \(columns)
              from (select u.id as number from \(condition.source) u where \(condition.sql)
                     order by u.created_at desc, u.id desc limit \(page.limit) offset \(page.offset)) found
              join urgent.users u on u.id = found.number \(UserQueries.profileTables)
             order by u.created_at desc, u.id desc
            """)
    }

    /// - Parameter reach: how many are counted.
    static func count(_ condition: PeopleCondition, reach: Int) -> Statement<Int> {
        Statement("select count(*) from (select from \(condition.source) u where \(condition.sql) limit \(reach)) f")
    }

    static func person(_ id: Int) -> Statement<StaffPerson> {
        Statement("select \(columns) from urgent.users u \(UserQueries.profileTables) where u.id = \(id)")
    }

    static func block(_ id: Int, because reason: String) -> Command {
        Command(
            "update urgent.users set blocked_at = now(), blocked_reason = \(reason), updated_at = now() where id = \(id)")
    }

    static func unblock(_ id: Int) -> Command {
        Command("update urgent.users set blocked_at = null, blocked_reason = null, updated_at = now() where id = \(id)")
    }

    static func setRole(_ role: UrgentRole, of user: Int) -> Command {
        Command("update urgent.users set role = \(role), updated_at = now() where id = \(user)")
    }

    /// One change of roles at a time: who has just lost his own gives none to others any more.
    static var lockRoles: Statement<String> {
        Statement("select pg_advisory_xact_lock(hashtextextended('urgent:roles', 0))::text")
    }

    /// Whose wallet it is; nothing for somebody whose account is another Telegram's by now.
    static func account(of user: Int) -> Statement<UUID> {
        Statement("select account_id from urgent.users where id = \(user) and left_at is null")
    }

    /// In whole roubles.
    static func balance(of user: Int) -> Statement<Int> {
        Statement("select a.balance / 100 from urgent.users u join payments.accounts a on a.id = u.wallet_id where u.id = \(user)")
    }

    static var samples: [StatementSample] {
        let condition = PeopleCondition(text: "a", number: 1, role: .admin, isBlocked: true)
        return [
            StatementSample("urgent: people for staff", page(condition, Slice())),
            StatementSample("urgent: people for staff, counted", count(condition, reach: 1)),
            StatementSample("urgent: person for staff", person(1)), StatementSample("urgent: blocked person", block(1, because: "")),
            StatementSample("urgent: unblocked person", unblock(1)), StatementSample("urgent: role", setRole(.admin, of: 1)),
            StatementSample("urgent: roles, locked", lockRoles), StatementSample("urgent: account", account(of: 1)),
            StatementSample("urgent: balance", balance(of: 1)),
        ]
    }
}

/// Which people are asked for; nil narrows nothing.
struct PeopleCondition: Sendable {
    /// In a name.
    var text: String?
    /// The text as a Telegram id.
    var number: Int?
    var role: UrgentRole?
    var isBlocked: Bool?
    /// Among how many of the newest a text is looked for that is too short for `users_search`.
    var reach = 1

    /// Whom to ask.
    var source: SQL {
        guard let text, number == nil, text.unicodeScalars.count < 3 else { return "urgent.users" }
        return "(select n.* from urgent.users n order by n.created_at desc, n.id desc limit \(reach))"
    }

    /// Over `urgent.users u`. The names are spelled as in `users_search`.
    var sql: SQL {
        var sql: SQL = "true"
        if let text {
            let name: SQL = "lower(u.first_name || ' ' || coalesce(u.last_name, '') || ' ' || coalesce(u.username, ''))"
            sql = "\(sql) and (\(name) like lower(\(text.anywhere)) or u.id = \(number)::bigint)"
        }
        switch role {
        case .user: sql = "\(sql) and u.role = 'user'"
        case .moderator: sql = "\(sql) and u.role = 'moderator' and u.role <> 'user'"
        case .admin: sql = "\(sql) and u.role = 'admin' and u.role <> 'user'"
        case nil: break
        }
        switch isBlocked {
        case true?: sql = "\(sql) and u.blocked_at is not null"
        case false?: sql = "\(sql) and u.blocked_at is null"
        case nil: break
        }
        return sql
    }
}
