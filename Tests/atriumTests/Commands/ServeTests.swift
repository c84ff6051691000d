import Service
import Testing

@testable import atrium

@Suite struct ServeTests {
    /// Two connections for each loop and one to listen with, whatever the machine has.
    @Test(arguments: [
        ("0", "20", 4, 4), ("0", "20", 64, 9), ("0", "4", 8, 1), ("9", "20", 2, 9), ("10", "20", 64, nil),
    ] as [(String, String, Int, Int?)])
    func loopsKeepWithinThePool(loops: String, pool: String, cores: Int, expected: Int?) throws {
        func settings() throws -> Settings {
            try Settings(
                rows: ServerSettings.rows + PostgresSettings.rows, environment: ["LOOPS": loops, "DB_POOL_MAX": pool])
        }
        if let expected {
            #expect(Serve.loops(try settings(), cores: cores) == expected)
        } else {
            #expect(throws: SettingsError.self) { try settings() }
        }
    }
}
