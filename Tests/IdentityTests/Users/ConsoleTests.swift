import Service
import Support
import Testing
import Values

@testable import Identity

/// What the commands of the binary do.
@Suite struct ConsoleTests {
    /// An account and its role are one thing: what refuses the role refuses the account.
    @Test(arguments: ["bogus", "director"])
    func aRoleThatIsRefusedLeavesNoAccount(role: String) async throws {
        try await withIdentity { fixture in
            let address = try #require(EmailAddress("new@example.com"))
            let draft = NewUser(email: address, source: "console")
            await #expect(throws: Problem.self) {
                _ = try await fixture.module.makeAccount(draft, password: "Correct7Horse", role: role)
            }
            #expect(try await fixture.module.users.find(email: address) == nil)
            let user = try await fixture.module.makeAccount(draft, password: "Correct7Horse", role: Role.superAdmin)
            #expect(try await fixture.module.grants.live(of: user.id).map(\.role) == [Role.superAdmin])
        }
    }
}
