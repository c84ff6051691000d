import Postgres
import Support
import Testing
import Values

@Suite struct StatementCheckTests {
    private struct Wrong: Row {
        init(_ row: inout RowReader) throws {
            let _: Int = try row.next()
            let _: UUID? = try row.next()
        }
    }

    @Test func mismatchesAreNamed() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer("create extension citext; create domain code as citext")
            try await database.administer("create table s (id uuid, at timestamptz, name citext, code code, n numeric(9, 3))")
            let good = [
                StatementSample("good", Statement<Columns<UUID?, Instant, String, Quantity>>(
                    "select id, at, name, n from s where name = \("x") and code = \("y") and n > \(Quantity.zero)")),
                StatementSample("command", Command("update s set at = \(Instant.now) where id = any(\([UUID.zero]))")),
            ]
            #expect(try await StatementCheck.verify(good, on: database).map(\.description) == [])
            let bad = [
                StatementSample("columns", Statement<Wrong>("select at, id, name from s")),
                StatementSample("bind", Command("delete from s where n = \(7)")),
                StatementSample("text", Command("delete from nowhere")),
                StatementSample("rows", Command("select 1")),
            ]
            let found = try await StatementCheck.verify(bad, on: database).map(\.description)
            #expect(found.count == 5)
            #expect(found[0] == "columns: has 3 columns, its row reads 2")
            #expect(found[1].hasPrefix("columns: column 1 (at) is timestamp with time zone, Int is read from bigint"))
            #expect(found[2] == "bind: $1 is numeric, Int is sent as bigint, integer, smallint")
            #expect(found[3].hasPrefix("text: does not prepare: 42P01"))
            #expect(found[4] == "rows: a command answers 1 columns")
        }
    }
}
