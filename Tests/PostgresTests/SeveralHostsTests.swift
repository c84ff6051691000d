@testable import Postgres
import Runtime
import Support
import Testing

/// A connection string with several hosts (libpq, 34.1.1).
@Suite struct SeveralHostsTests {
    /// The sessions of a lane are read-only by themselves: they are not asked to be anything else.
    @Test(arguments: ["read-write", "primary", "any", nil])
    func readsAndWritesFindTheirServer(_ attributes: String?) async throws {
        try await withDatabase(
            .empty,
            adjust: { settings in
                let host = settings.connection.value(of: "host") ?? ""
                settings.connection.set("host", "\(host),\(host)")
                if let attributes { settings.connection.set("target_session_attrs", attributes) }
                settings.waitLimit = .seconds(2)
            }
        ) { database in
            try await database.administer(Things.table)
            try await database.execute(Things.insert(1, nil))
            #expect(try await database.one(Things.count) == 1)
        }
    }

    @Test(arguments: [
        ("host=/a,/b", .lease, "primary"), ("host=/a,/b", .lane, "primary"), ("host=/a,/b", .plain, "primary"), ("host=/a", .lane, nil),
        ("host=/a,/b target_session_attrs=any", .lane, "any"), ("host=/a,/b target_session_attrs=read-write", .lease, "read-write"),
        ("host=/a target_session_attrs=read-write", .lane, "primary"),
    ] as [(String, ConnectionSettings.Purpose, String?)])
    func thePrimaryIsTaken(_ text: String, _ purpose: ConnectionSettings.Purpose, _ wanted: String?) async throws {
        try await TestLoops.run {
            let parameters = try await ConnectionSettings(text).parameters(for: purpose, resolver: Resolver(pool: TestLoops.blocking))
            #expect(parameters.last { $0.name == "target_session_attrs" }?.value == wanted)
        }
    }
}
