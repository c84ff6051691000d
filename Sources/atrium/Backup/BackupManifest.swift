import JSON
import Values

/// What a backup consists of, so that it can be told whole, and of the right key, before anything is changed.
struct BackupManifest: Shaped {
    struct File: Shaped {
        let name: String
        let sha256: String

        static let shape = Shape("BackupFile", Self.init, Field("name", { $0.name }), Field("sha256", { $0.sha256 }))
    }

    /// Of this format; another one is not read.
    let format: Int
    let version: String
    let createdAt: Instant
    let serverVersion: String
    /// Tells one DATA_KEY from another, and nothing of it.
    let keyMark: String
    /// Rows by table, in the same snapshot as the dump.
    let tables: [String: Int]
    let files: [File]

    static let current = 1
    static let name = "manifest.json"

    static let shape = Shape(
        "BackupManifest", Self.init,
        Field("format", { $0.format }), Field("version", { $0.version }), Field("createdAt", { $0.createdAt }),
        Field("serverVersion", { $0.serverVersion }), Field("keyMark", { $0.keyMark }),
        Field("tables", { $0.tables }, .count(0...100_000)), Field("files", { $0.files }, .count(0...10)))
}
