import Glibc
import Postgres

/// Where the migrations are: `migrations/` of the folder the command was started in, else of the binary's folder or one
/// above it, as when the binary is started by its path.
enum MigrationFolder {
    static func load() throws -> [Migration] {
        guard let folder = candidates().first(where: { access($0, R_OK) == 0 }) else {
            throw MigrationError.noFolder("migrations")
        }
        return try Migration.load(from: folder)
    }

    private static func candidates() -> [String] {
        var found = ["migrations"]
        guard let resolved = realpath("/proc/self/exe", nil) else { return found }
        defer { free(resolved) }
        var parts = String(cString: resolved).split(separator: "/").dropLast()
        while !parts.isEmpty {
            found.append("/" + parts.joined(separator: "/") + "/migrations")
            parts = parts.dropLast()
        }
        return found
    }
}
