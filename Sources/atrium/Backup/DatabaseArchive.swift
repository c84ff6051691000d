import Crypto
import Files
import Glibc
import JSON
import Postgres
import Runtime
import Service
import Values

/// Makes and takes back backups: a folder with a dump of the database, the files, and a manifest. Works for a private cluster
/// and for DATABASE_URL alike, while servers run.
struct DatabaseArchive: Sendable {
    let program: Program

    private static let dump = "database.dump"
    private static let files = "files.tar"
    /// Longer than any dump that somebody waits for.
    private static let patience = Duration.seconds(86_400)

    // MARK: Making

    /// - Parameter folder: a new one; it is there once everything in it is.
    func make(in folder: String) async throws -> BackupManifest {
        guard let dumper = ClientPrograms.find("pg_dump") else { throw BackupProblem.noProgram("pg_dump") }
        guard access(folder, F_OK) != 0 else { throw BackupProblem.folderInUse(folder) }
        let unfinished = folder + ".unfinished"
        try await run("/bin/rm", ["-rf", unfinished])
        try checked("mkdir \(unfinished)", mkdir(unfinished, 0o700))
        let service = try ServiceFile(program.database.settings.connection, in: unfinished)
        defer { service.remove() }
        let database = program.database
        let tables = try await database.transaction(.repeatableRead) { _ in
            _ = try await database.first(BackupQueries.unlimited())
            let snapshot = try await database.one(BackupQueries.snapshot())
            let arguments = [
                "--format=custom", "--no-owner", "--no-privileges", "--snapshot=\(snapshot)",
                "--file=\(unfinished)/\(Self.dump)", "--dbname=service=\(ServiceFile.service)",
            ]
            try await run(dumper, arguments, service)
            return try await database.all(BackupQueries.tables())
        }
        service.remove()
        var names = [Self.dump]
        if access(filesFolder, F_OK) == 0 {
            try await run("/bin/tar", ["-C", filesFolder, "-cf", "\(unfinished)/\(Self.files)", "."])
            names.append(Self.files)
        }
        var files: [BackupManifest.File] = []
        for name in names { files.append(.init(name: name, sha256: try await digest("\(unfinished)/\(name)"))) }
        let manifest = BackupManifest(
            format: BackupManifest.current, version: Version.current, createdAt: .now,
            serverVersion: try await database.one(BackupQueries.serverVersion()), keyMark: keyMark,
            tables: Dictionary(tables.map { ($0.name, $0.rows) }) { $1 }, files: files)
        try FileText.write(JSONText(encoding: manifest).string + "\n", to: "\(unfinished)/\(BackupManifest.name)")
        try checked("rename \(folder)", rename(unfinished, folder))
        return manifest
    }

    // MARK: Taking back

    /// Into a database and a folder of files that are empty. Nothing is changed unless the backup is whole and of this key;
    /// afterwards every table has as many rows as were backed up.
    func restore(from folder: String) async throws -> BackupManifest {
        guard let restorer = ClientPrograms.find("pg_restore") else { throw BackupProblem.noProgram("pg_restore") }
        let manifest = try await check(folder)
        let database = program.database
        guard try await database.one(BackupQueries.tableCount()) == 0 else { throw BackupProblem.databaseNotEmpty }
        let hasFiles = manifest.files.contains { $0.name == Self.files }
        if hasFiles, access(filesFolder, F_OK) == 0, rmdir(filesFolder) != 0 { throw BackupProblem.filesNotEmpty(filesFolder) }
        // A new machine has none yet.
        try await run("/bin/mkdir", ["-p", dataFolder])
        let service = try ServiceFile(database.settings.connection, in: dataFolder)
        defer { service.remove() }
        let arguments = [
            "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges",
            "--dbname=service=\(ServiceFile.service)", "\(folder)/\(Self.dump)",
        ]
        try await run(restorer, arguments, service)
        if hasFiles {
            try await run("/bin/mkdir", ["-p", filesFolder])
            try await run("/bin/tar", ["-C", filesFolder, "-xf", "\(folder)/\(Self.files)"])
        }
        let tables = try await database.transaction(.snapshot) { _ in
            _ = try await database.first(BackupQueries.unlimited())
            return try await database.all(BackupQueries.tables())
        }
        let found = Dictionary(tables.map { ($0.name, $0.rows) }) { $1 }
        let other = Set(found.keys).union(manifest.tables.keys).filter { found[$0] != manifest.tables[$0] }.sorted()
        guard other.isEmpty else { throw BackupProblem.otherCounts(other) }
        return manifest
    }

    /// The manifest of a backup that is whole, and of this installation's key.
    private func check(_ folder: String) async throws -> BackupManifest {
        guard let text = FileText.read("\(folder)/\(BackupManifest.name)"),
            let manifest = try? BackupManifest.decode(json: Array(text.utf8), limits: JSONLimits(depth: 8, members: 200_000)),
            manifest.format == BackupManifest.current
        else { throw BackupProblem.noBackup(folder) }
        for file in manifest.files {
            guard [Self.dump, Self.files].contains(file.name), try await digest("\(folder)/\(file.name)") == file.sha256
            else { throw BackupProblem.damaged(file.name) }
        }
        guard manifest.keyMark == keyMark else { throw BackupProblem.otherKey }
        return manifest
    }

    // MARK: Means

    private var dataFolder: String { program.settings[GeneralSettings.dataFolder] }
    private var filesFolder: String { program.settings[FileSettings.folder] ?? dataFolder + "/files" }

    private var keyMark: String {
        String(Hex.encode(HMACSHA256.authenticate("backup.mark", key: program.dataKey)).prefix(16))
    }

    private func digest(_ path: String) async throws -> String {
        String(try await run("/usr/bin/sha256sum", [path]).text.prefix(64))
    }

    @discardableResult
    private func run(_ path: String, _ arguments: [String], _ service: ServiceFile? = nil) async throws -> ChildProcess.Output {
        var environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/"]
        if let service { environment["PGSERVICEFILE"] = service.path }
        let output = try await ChildProcess.run(
            path, arguments, environment: environment, timeLimit: Self.patience)
        guard output.succeeded else {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            throw BackupProblem.failed(program: name, reason: String(output.errorText.prefix(2000)))
        }
        return output
    }
}
