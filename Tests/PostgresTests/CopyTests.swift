import Postgres
import Support
import Testing

@Suite struct CopyTests {
    private struct Refusal: Error {}

    @Test func rowsArriveWhole() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer("create table c (id bigint, text text, bytes bytea, words text[])")
            let odd = "tab\t newline\n \\N back\\slash \r ü"
            let count = try await database.copy(into: "c (id, text, bytes, words)") { rows in
                for id in 0..<20_000 {
                    try await rows.row(id, id == 0 ? nil : odd, [UInt8(id & 255), 92], [odd, "a,b"])
                }
            }
            #expect(count == 20_000)
            #expect(try await database.one(Statement<Int>("select count(*) from c where text = \(odd)")) == 19_999)
            let row = try await database.one(Statement<Columns<String?, [UInt8], [String]>>(
                "select text, bytes, words from c where id = 0"))
            #expect(row.values.0 == nil && row.values.1 == [0, 92] && row.values.2 == [odd, "a,b"])
        }
    }

    @Test func nothingRemainsOfARefusedCopy() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(Things.table)
            await #expect(throws: Refusal.self) {
                _ = try await database.copy(into: "things (id)") { rows in
                    try await rows.row(1)
                    throw Refusal()
                }
            }
            let error = try await #require(throws: DatabaseError.self) {
                _ = try await database.copy(into: "things (id)") { rows in
                    try await rows.row(1)
                    try await rows.row(1)
                }
            }
            #expect(error.isUniqueViolation)
            #expect(try await database.one(Things.count) == 0)
        }
    }

    @Test func aCopyWhoseConnectionIsLostFails() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(Things.table)
            await #expect(throws: DatabaseError.self) {
                _ = try await database.copy(into: "things (id)") { rows in
                    try await Backends.kill(database, where: "query ilike 'copy%'")
                    for id in 0... {
                        try await rows.row(id)
                        await Task.yield()
                    }
                }
            }
            #expect(try await database.one(Things.count) == 0)
        }
    }
}
