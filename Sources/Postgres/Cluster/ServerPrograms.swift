import Glibc

/// PostgreSQL's server programs of one version.
struct ServerPrograms: Sendable {
    let folder: String

    var initdb: String { folder + "/initdb" }
    var postgres: String { folder + "/postgres" }

    /// Those that made the data folder, or else the newest installed.
    static func find(for data: String) throws(ClusterError) -> ServerPrograms {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        let debian = versions().map { "/usr/lib/postgresql/\($0)/bin" }
        let folders = path.split(separator: ":").map(String.init) + debian
        if let needed = FileContents.text(data + "/PG_VERSION")?.split(separator: "\n").first.map(String.init) {
            let named = "/usr/lib/postgresql/\(needed)/bin"
            if isComplete(named) { return ServerPrograms(folder: named) }
            let other = folders.first { isComplete($0) && !$0.hasPrefix("/usr/lib/postgresql/") }
            guard let other else { throw .noVersion(folder: data, needs: needed) }
            return ServerPrograms(folder: other)
        }
        guard let found = folders.first(where: isComplete) else {
            throw .noPrograms(searched: ["PATH", "/usr/lib/postgresql/*/bin"])
        }
        return ServerPrograms(folder: found)
    }

    private static func isComplete(_ folder: String) -> Bool {
        access(folder + "/initdb", X_OK) == 0 && access(folder + "/postgres", X_OK) == 0
    }

    /// The versions that Debian's packages have installed, newest first.
    static func versions() -> [Int] {
        guard let directory = opendir("/usr/lib/postgresql") else { return [] }
        defer { closedir(directory) }
        var found: [Int] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let version = Int(name) { found.append(version) }
        }
        return found.sorted(by: >)
    }
}
