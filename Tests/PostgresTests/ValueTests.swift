import JSON
import Postgres
import Support
import Testing
import Values

/// Every type through a real server and back.
@Suite struct ValueTests {
    private struct Echo<Value: PostgresDecodable>: Row {
        let value: Value?
        init(_ row: inout RowReader) throws { value = try row.next() }
    }

    private func expectEcho<T: PostgresCodable & Equatable>(
        _ values: [T], as type: StaticString, _ database: Database
    ) async throws {
        for value in values {
            let statement: Statement<Echo<T>> = Statement("select \(value)::\(raw: type)")
            #expect(try await database.one(statement).value == value)
        }
        let none: Statement<Echo<T>> = Statement("select \(T?.none)::\(raw: type)")
        #expect(try await database.one(none).value == nil)
    }

    @Test func everyTypeComesBackAsItWas() async throws {
        try await withDatabase(.empty) { database in
            try await expectEcho([true, false], as: "boolean", database)
            try await expectEcho([0, 1, -1, Int.max, Int.min], as: "bigint", database)
            try await expectEcho([0, Int32.max, Int32.min], as: "integer", database)
            try await expectEcho([0, Int16.max, Int16.min], as: "smallint", database)
            try await expectEcho([0, 1.5, -2.25e300, .infinity], as: "double precision", database)
            try await expectEcho([UUID.zero, .v7(), UUID(hi: .max, lo: .max)], as: "uuid", database)
            try await expectEcho([Day.first, .last, Day(year: 2024, month: 2, day: 29)!], as: "date", database)
            try await expectEcho([Period(year: 2025, month: 12)!], as: "date", database)
            try await expectEcho([JSONText(trusted: Array("{\"a\": [1, 2.50, \"ü\"]}".utf8))], as: "jsonb", database)
        }
    }

    @Test func textsComeBackToTheLetter() async throws {
        try await withDatabase(.empty) { database in
            let texts = [
                "", " ", "'", "\\", "\u{1}\t\n\r", "NULL", "{}", "naïve 🏘️ e\u{301}", "$1", String(repeating: "x", count: 200_000),
            ]
            try await expectEcho(texts, as: "text", database)
            try await expectEcho([texts, [], ["a,b", "\"q\"", "null"]], as: "text[]", database)
        }
    }

    @Test func aNULCharacterIsRefusedBeforeItIsSent() async throws {
        try await withDatabase(.empty) { database in
            let error = try await #require(throws: DatabaseError.self) {
                _ = try await database.one(Statement<String>("select \("a\0b")::text"))
            }
            #expect(error.state == .characterNotInRepertoire)
            #expect(database.metrics.queries == 0)
            await #expect(throws: DatabaseError.self) {
                _ = try await database.one(Statement<[String]>("select \(["a\0b"])::text[]"))
            }
        }
    }

    @Test func arrays() async throws {
        try await withDatabase(.empty) { database in
            try await expectEcho([[], [1, -2, Int.max]], as: "bigint[]", database)
            try await expectEcho([[], [UUID.v7(), .zero]], as: "uuid[]", database)
            try await expectEcho([[true, false]], as: "boolean[]", database)
            try await expectEcho([[Day.first]], as: "date[]", database)
            try await expectEcho([[UInt8]](), as: "bytea", database)
            try await expectEcho([[], [0, 255, 92, 39], (0...255).map { UInt8($0) }], as: "bytea", database)
            let ids = [UUID.v7(), UUID.v7()]
            let found = try await database.all(Statement<UUID>("select id from unnest(\(ids)) as id"))
            #expect(found == ids)
        }
    }

    @Test func instantsToTheMicrosecond() async throws {
        try await withDatabase(.empty) { database in
            let instants: [Int64] = [0, 1, -1, 1_700_000_000_123_456, -62_135_596_800_000_000, 1_700_000_000_500_000]
            try await expectEcho(instants.map { Instant(microseconds: $0) }, as: "timestamptz", database)
            try await expectEcho([[Instant(microseconds: 5)]], as: "timestamptz[]", database)
            let ends = try await database.one(Statement<Columns<Instant, Instant>>(
                "select 'infinity'::timestamptz, '-infinity'::timestamptz"))
            #expect(ends.values.0 == .distantFuture)
            #expect(ends.values.1 == .distantPast)
        }
    }

    @Test func numericsAreExact() async throws {
        try await withDatabase(.empty) { database in
            let quantities = [0, 1, -1, 1_500, Int64.max, Int64.min + 1].map { Quantity(raw: $0) }
            try await expectEcho(quantities, as: "numeric", database)
            let sum = try await database.one(Statement<UnitPrice>("select \(UnitPrice(raw: 1))::numeric + 0.1 + 0.20"))
            #expect(sum == UnitPrice(raw: 300_001))
            // More decimals than the type has, or a value beyond it: refused, never rounded.
            for text in ["0.0001", "99999999999999999999", "NaN"] {
                await #expect(throws: RowError.self) {
                    _ = try await database.one(Statement<Quantity>("select \(text)::numeric"))
                }
            }
        }
    }

    private enum Colour: String, CaseIterable { case red, green }
    private struct Coloured: Row {
        let colour: Colour, other: Colour?
        init(_ row: inout RowReader) throws {
            colour = try row.next()
            other = try row.next()
        }
    }

    @Test func enumerationsAreTexts() async throws {
        try await withDatabase(.empty) { database in
            let row = try await database.one(Statement<Coloured>("select \(Colour.green)::text, \(Colour?.none)::text"))
            #expect(row.colour == .green && row.other == nil)
            await #expect(throws: RowError.self) {
                _ = try await database.one(Statement<Coloured>("select 'blue', null"))
            }
        }
    }

    @Test func aNullWhereNoneMayBeIsToldByColumn() async throws {
        try await withDatabase(.empty) { database in
            let error = try await #require(throws: RowError.self) {
                _ = try await database.one(Statement<Columns<Int, Int>>("select 1 as first, null::bigint as second"))
            }
            #expect(error.column == 2 && error.name == "second")
        }
    }

    private struct Weighed: Row {
        let name: String, weights: [Int]
        init(_ row: inout RowReader) throws {
            name = try row.next()
            weights = try row.document([])
        }
    }

    @Test func aDocumentThatHoldsSomethingElseIsToldByColumn() async throws {
        try await withDatabase(.empty) { database in
            let row = try await database.one(Statement<Weighed>("select 'a', '[1, 2]'::jsonb"))
            #expect(row.weights == [1, 2])
            for text in [#"{"a": 1}"#, #"["x"]"#, "null"] {
                let error = try await #require(throws: RowError.self) {
                    _ = try await database.one(Statement<Weighed>("select 'a', \(text)::jsonb as weights"))
                }
                #expect(error.column == 2 && error.name == "weights")
            }
        }
    }
}
