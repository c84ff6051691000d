import Service

/// `atrium restore`: a backup, into an empty database.
struct Restore: Command {
    static let name = "restore"
    static let summary = "take a backup back into an empty database"
    static let operands = "FOLDER"
    static let explanation = """
        Checks that the backup is whole and was made with this DATA_KEY, restores the database (pg_restore) and the files, and
        compares the rows of every table with the manifest. The database that the settings name must be empty: a new one at
        DATABASE_URL, or a DATA_DIR in which no server has run. Nothing is changed where anything is wrong.

        Afterwards `atrium migrate` brings a backup of an older version to this one.
        """

    static func run(_ arguments: Arguments) throws -> Int32 {
        try arguments.expect(["FOLDER"])
        let folder = arguments.operands[0]
        return try Program.run(try SettingsSource.read(arguments)) { program in
            let manifest = try await DatabaseArchive(program: program).restore(from: folder)
            let rows = manifest.tables.values.reduce(0, +)
            Terminal.line("restored \(manifest.tables.count) tables with \(rows) rows, backed up at \(manifest.createdAt)")
            return ExitCode.success
        }
    }
}
