import Testing

@testable import Postgres

/// How the connections of a process are divided over its loops.
@Suite struct DatabaseSettingsTests {
    @Test(arguments: [(2, 1, 2), (2, 2, 1), (2, 4, 1), (5, 2, 3), (0, 2, 0)])
    func whatStaysOpenIsDividedUpwards(least: Int, loops: Int, each: Int) throws {
        var settings = DatabaseSettings(try ConnectionSettings("postgresql://h/d"))
        settings.keptConnections = least
        #expect(settings.kept(loops: loops) == each)
    }
}
