import Postgres
import Service
import Synchronization

/// `atrium doctor`: what is missing for the program to work here.
struct Doctor: Command {
    static let name = "doctor"
    static let summary = "look whether programs, rights, disk, clock, database and providers are as they have to be"
    static let explanation = """
        Looks at everything that `atrium serve` needs on this machine and around it, and says of each whether it is there, with
        what to do where it is not. A line begins with ok, with look where something works that may not for long, or with bad;
        with a bad one the exit status is 1. Where there is no private database yet, none is made.
        """

    static func run(_ arguments: Arguments) throws -> Int32 {
        try arguments.expect()
        let settings = try SettingsSource.read(arguments)
        var findings = MachineCheck(settings: settings).findings
        if settings[PostgresSettings.url] != nil || ((try? Self.hasDatabase(settings)) ?? false) {
            findings += try around(settings)
        } else {
            findings.append(.good("database", "a private one is made at the first start"))
        }
        for finding in findings {
            Terminal.line("\(finding.verdict.rawValue.padding(4)) \(finding.subject.padding(18)) \(finding.words)")
        }
        return findings.contains { $0.verdict == .bad } ? ExitCode.failure : ExitCode.success
    }

    private static func around(_ settings: Settings) throws -> [Finding] {
        let migrations = try MigrationFolder.load()
        let found = Found()
        do {
            _ = try Program.run(settings) { program in
                let database = DatabaseCheck(database: program.database, settings: settings, migrations: migrations)
                let outside = OutsideCheck(settings: settings, client: program.client)
                found.put(await database.findings() + outside.findings())
                return ExitCode.success
            }
        } catch {
            return [.bad("database", ErrorText.of(error))]
        }
        return found.take()
    }
}

extension Doctor {
    private static func hasDatabase(_ settings: Settings) throws -> Bool {
        try PrivateCluster.exists(in: settings[GeneralSettings.dataFolder])
    }

    /// Carries what was found out of the loop.
    private final class Found: Sendable {
        private let findings = Mutex<[Finding]>([])

        func put(_ all: [Finding]) { findings.withLock { $0 = all } }
        func take() -> [Finding] { findings.withLock { $0 } }
    }
}

extension String {
    /// With blanks behind it, so many characters wide.
    fileprivate func padding(_ width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }
}
