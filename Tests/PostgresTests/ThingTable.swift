import Postgres

/// The table that most of these tests use.
enum Things {
    static let table = """
        create table things (id bigint primary key, name text unique, amount bigint not null default 0
            constraint things_amount_positive check (amount >= 0))
        """

    struct Thing: Row, Equatable {
        let id: Int
        let name: String?
        let amount: Int

        init(id: Int, name: String?, amount: Int = 0) {
            self.id = id
            self.name = name
            self.amount = amount
        }

        init(_ row: inout RowReader) throws {
            id = try row.next()
            name = try row.next()
            amount = try row.next()
        }
    }

    static func insert(_ id: Int, _ name: String?, amount: Int = 0) -> Command {
        Command("insert into things (id, name, amount) values (\(id), \(name), \(amount))")
    }

    static func thing(_ id: Int) -> Statement<Thing> {
        Statement("select id, name, amount from things where id = \(id)")
    }

    static var all: Statement<Thing> { Statement("select id, name, amount from things order by id") }
    static var count: Statement<Int> { Statement("select count(*) from things") }

    static func add(_ amount: Int, to id: Int) -> Command {
        Command("update things set amount = amount + \(amount) where id = \(id)")
    }

    /// Fails after it has begun to run.
    static func divide(_ dividend: Int, by divisor: Int) -> Statement<Int> {
        Statement("select \(dividend)::bigint / \(divisor)::bigint")
    }
}
