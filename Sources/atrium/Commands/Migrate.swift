import Postgres
import Service

/// `atrium migrate`: brings the database's schema to that of this version.
struct Migrate: Command {
    static let name = "migrate"
    static let summary = "bring the database's schema to this version"
    static let operands = "[status]"
    static let explanation = """
        Applies the migrations that the database lacks, each in a transaction of its own, under a lock that lets several
        processes try at once. `atrium migrate status` prints which are applied and which are pending.
        It and --dry-run only look: where there is no private database yet, they make none.
        """
    static let options = [Option.config, Option("--dry-run", nil, "only say what would be applied")]

    static func run(_ arguments: Arguments) throws -> Int32 {
        let wantsStatus = arguments.operands == ["status"]
        if !wantsStatus { try arguments.expect() }
        let settings = try SettingsSource.read(arguments)
        let migrations = try MigrationFolder.load()
        let onlyShows = wantsStatus || arguments.has("--dry-run")
        // Looking makes no database.
        if onlyShows, settings[PostgresSettings.url] == nil,
            try !PrivateCluster.exists(in: settings[GeneralSettings.dataFolder])
        {
            show(MigrationStatus(ofNothing: migrations), applied: wantsStatus)
            return ExitCode.success
        }
        return try Program.run(settings) { program in
            let migrator = Migrator(program.database, migrations)
            if onlyShows {
                show(try await migrator.status(), applied: wantsStatus)
            } else {
                let applied = try await migrator.migrate { Terminal.line("applying \($0.name)") }
                if applied.isEmpty { Terminal.line("nothing to apply: \(migrations.count) migrations are in place") }
            }
            return ExitCode.success
        }
    }

    private static func show(_ status: MigrationStatus, applied: Bool) {
        if applied { for old in status.applied { Terminal.line("applied  \(old.name)  \(old.at)") } }
        for new in status.pending { Terminal.line("pending  \(new.name)") }
        if !applied, status.pending.isEmpty { Terminal.line("nothing to apply") }
    }
}
