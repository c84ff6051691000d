import Identity
import Service
import Testing

@testable import atrium

@Suite struct IdentityOptionsTests {
    private static func options(_ environment: [String: String]) throws -> IdentityOptions {
        let key = String(repeating: "07", count: 32)
        let given = [
            "DATA_KEY": key, "DATABASE_URL": "postgresql://localhost/atrium", "PUBLIC_URL": "https://atrium.example",
            "CODE_PEPPER": "0123456789abcdef", "FILE_URL_KEY": key,
        ]
        let settings = try Settings(
            rows: Composition.settingRows, environment: given.merging(environment) { _, given in given })
        return try IdentityOptions(LiveSettings(settings), dataKey: Array(repeating: 7, count: 32))
    }

    /// The seed's administrator works as he is, but in production, where nobody has his password.
    @Test(arguments: [("development", false), ("test", false), ("production", true)])
    func aGivenPasswordHasToBeChangedInProduction(environment: String, isEnforced: Bool) throws {
        let options = try Self.options(["ENVIRONMENT": environment])
        #expect(options.enforcesPasswordChange == isEnforced)
        #expect((options.bootstrap == nil) == isEnforced)
    }
}
