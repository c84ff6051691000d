import Runtime
import Support
import Testing

@Suite struct UserTests {
    /// The corrected command finds nothing in its way.
    @Test func aRoleThatIsRefusedLeavesNoAccount() async throws {
        try await withDatabase { database in
            let environment = ServerProcess.environment(for: database)
            func create(_ role: String) async throws -> ChildProcess.Output {
                try await ServerProcess.run(
                    ["user", "create", "c@x.example", "--role", role], environment, input: "Geheim-2026!\n")
            }
            let refused = try await create("bogus")
            #expect(!refused.succeeded && refused.text.isEmpty)
            #expect(refused.errorText == "atrium user: role: There is no such role.\n")
            let made = try await create("super_admin")
            #expect(made.succeeded && made.text.hasSuffix("gave super_admin\n"), "\(made.errorText)")
        }
    }
}
