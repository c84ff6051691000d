@testable import Postgres
import Testing

@Suite struct SQLTests {
    private func statement(_ id: Int, _ name: String?) -> SQL {
        "select * from things where id = \(id) and name = \(name)"
    }

    @Test func valuesBecomeBinds() {
        let sql = statement(7, "x'); drop table things; --")
        #expect(sql.description == "select * from things where id = $1 and name = $2")
        #expect(sql.draft.bindCount == 2)
        #expect(bind(sql, 0) == "7")
        #expect(bind(sql, 1) == "x'); drop table things; --")
    }

    @Test func oneTextPerStatementWhateverTheValues() {
        var catalog = StatementCatalog()
        let first = catalog.text(of: statement(1, nil).draft)
        #expect(catalog.text(of: statement(2, "b").draft) === first)
        #expect(catalog.text(of: ("select * from things where id = \(3) and x = \("")" as SQL).draft) !== first)
    }

    @Test func fragmentsNestAndNumberOn() {
        func search(_ name: String?, limit: Int) -> SQL {
            let filter: SQL = if let name { "where name = \(name)" } else { .empty }
            return "select id from \(identifier: "odd \"table") \(filter) order by \(raw: "id desc") limit \(limit)"
        }
        #expect(search("a", limit: 5).description
            == "select id from \"odd \"\"table\" where name = $1 order by id desc limit $2")
        #expect(search(nil, limit: 5).description == "select id from \"odd \"\"table\"  order by id desc limit $1")
        #expect(bind(search("a", limit: 5), 1) == "5")
        var catalog = StatementCatalog()
        #expect(catalog.text(of: search("a", limit: 1).draft) === catalog.text(of: search("b", limit: 2).draft))
        #expect(catalog.text(of: search("a", limit: 1).draft) !== catalog.text(of: search(nil, limit: 2).draft))
    }

    @Test func manyAndLargeBindsGrowTheDraft() {
        let long = String(repeating: "ä", count: 10_000)
        var sql: SQL = "select 1"
        for index in 0..<100 { sql = "\(sql), \(index), \(long)" }
        #expect(sql.draft.bindCount == 200)
        #expect(bind(sql, 198) == "99")
        #expect(bind(sql, 199) == long)
    }

    @Test func theTypeOfABindIsPartOfTheIdentity() {
        func generic(_ value: some PostgresBindable) -> SQL { "select \(value)" }
        var catalog = StatementCatalog()
        #expect(catalog.text(of: generic(1).draft) !== catalog.text(of: generic(true).draft))
    }

    @Test(arguments: [
        ("select 1", true), (" with x as (select 1) select * from x", true), ("values (1)", true),
        ("select 'insert', \"update\" from x -- delete", true), ("select $tag$ delete $tag$ /* lock */", true),
        ("insert into x values (1) returning id", false), ("with x as (delete from y returning 1) select 1 from x", false),
        ("select id from x for update", false), ("select id from x for no key update skip locked", false),
        ("select id from x for share", false), ("select nextval('s')", false), ("SELECT 1 FOR UPDATE", false),
        ("select pg_advisory_xact_lock(1)", false), ("begin", false), ("", false), ("select updated_at from x", true),
    ])
    func readsAreTold(_ text: String, _ isRead: Bool) {
        #expect(StatementWords.isPlainRead(text) == isRead)
    }

    private func bind(_ sql: SQL, _ index: Int) -> String? {
        let bind = sql.draft.binds[index]
        if bind.length < 0 { return nil }
        let bytes = UnsafeBufferPointer(start: sql.draft.bytes + Int(bind.offset), count: Int(bind.length))
        return String(decoding: bytes, as: UTF8.self)
    }
}
