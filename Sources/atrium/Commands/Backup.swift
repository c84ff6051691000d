import Service

/// `atrium backup`: everything that is kept, in a folder.
struct Backup: Command {
    static let name = "backup"
    static let summary = "copy the database and the files into a new folder"
    static let operands = "FOLDER"
    static let explanation = """
        Writes a dump of the database (pg_dump), the files below DATA_DIR and a manifest with their digests and the number of
        rows of each table into FOLDER, which is there once it is whole. Servers may run meanwhile: the dump is of one moment.
        For a private database and for DATABASE_URL alike.

        The DATA_KEY is not in it. Keep it elsewhere (without the setting: the file data.key in DATA_DIR): without it nothing
        that is sealed can be opened, and nobody who finds the backup can either.
        """

    static func run(_ arguments: Arguments) throws -> Int32 {
        try arguments.expect(["FOLDER"])
        let folder = arguments.operands[0]
        return try Program.run(try SettingsSource.read(arguments)) { program in
            let manifest = try await DatabaseArchive(program: program).make(in: folder)
            let rows = manifest.tables.values.reduce(0, +)
            Terminal.line("\(folder): \(manifest.tables.count) tables, \(rows) rows, PostgreSQL \(manifest.serverVersion)")
            return ExitCode.success
        }
    }
}
