import Glibc

/// PostgreSQL's programs for whoever keeps a database: `pg_dump`, `pg_restore`. A newer one serves an older server, an
/// older one refuses a newer (manual, pg_dump).
package enum ClientPrograms {
    /// Where the newest one of that name lies; nil when none is installed.
    package static func find(_ name: String) -> String? {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        let debian = ServerPrograms.versions().map { "/usr/lib/postgresql/\($0)/bin" }
        let folders = debian + path.split(separator: ":").map(String.init)
        return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }
}
