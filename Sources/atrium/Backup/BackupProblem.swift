/// Why a backup is not made or not taken back; written for whoever gave the command.
enum BackupProblem: Error, CustomStringConvertible, Equatable {
    case noProgram(String)
    case folderInUse(String)
    case noBackup(String)
    case damaged(String)
    case failed(program: String, reason: String)
    case databaseNotEmpty
    case filesNotEmpty(String)
    case otherKey
    case otherCounts([String])

    var description: String {
        switch self {
        case .noProgram(let name):
            "\(name) is not installed. On Debian: apt-get install postgresql-client"
        case .folderInUse(let folder): "\(folder) is there already; a backup is a new folder."
        case .noBackup(let folder): "\(folder) holds no backup: there is no manifest.json that this version reads."
        case .damaged(let name): "\(name) is not what the manifest says; the backup is damaged."
        case .failed(let program, let reason): "\(program) failed: \(reason)"
        case .databaseNotEmpty: "the database has tables already; a backup is taken back into an empty one."
        case .filesNotEmpty(let folder): "\(folder) holds files already; a backup is taken back into an empty one."
        case .otherKey:
            """
            the backup was made with another DATA_KEY, without which what is sealed in it cannot be opened. Set that DATA_KEY, \
            or put its data.key into DATA_DIR, and try again.
            """
        case .otherCounts(let tables): "the restored database has other rows than were backed up: \(tables.joined(separator: ", "))"
        }
    }
}
