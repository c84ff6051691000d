import Crypto
import Glibc
import Runtime

/// The folders and files of a private cluster.
struct ClusterLayout: Sendable {
    let base: String
    let sockets: String

    private static let elsewhere = "/var/lib/atrium"

    var data: String { base + "/data" }
    /// Where initdb works; it becomes `data` when it is complete.
    var unfinished: String { base + "/data.unfinished" }
    var log: String { base + "/postgres.log" }
    var ownerLock: String { base + "/owner.lock" }
    var postmasterFile: String { data + "/postmaster.pid" }

    /// Chooses the folders and makes none.
    init(within folder: String, user: ServerUser) {
        let path = ClusterLayout.absolute(folder)
        var base = path + "/postgres"
        if !user.mayReach(base + "/data") {
            // Started as root inside root's own folder: the server's user cannot get there.
            base = ClusterLayout.elsewhere + "/" + ClusterLayout.mark(of: path)
        }
        // sun_path holds 107 bytes (unix(7)).
        let inside = base + "/sockets"
        let isShort = (inside + "/.s.PGSQL.5432.lock").utf8.count <= 107
        let sockets = isShort ? inside : "/tmp/atrium-\(user.uid)-" + ClusterLayout.mark(of: path)
        self.base = base
        self.sockets = sockets
    }

    /// Chooses and makes the folders, all of them closed to other users.
    init(folder: String, user: ServerUser) throws {
        try ClusterLayout.make(folder, mode: 0o755)
        self.init(within: folder, user: user)
        if base.hasPrefix(ClusterLayout.elsewhere + "/") { try ClusterLayout.make(ClusterLayout.elsewhere, mode: 0o755) }
        for folder in [base, sockets] {
            try ClusterLayout.make(folder, mode: 0o700)
            try ClusterLayout.give(folder, to: user)
        }
    }

    private static func make(_ path: String, mode: mode_t) throws(ClusterError) {
        do {
            try Folder.make(path, mode: mode)
        } catch {
            throw .cannotPrepare(folder: path, reason: String(cString: strerror(error.code)))
        }
    }

    private static func give(_ folder: String, to user: ServerUser) throws(ClusterError) {
        var information = stat()
        guard lstat(folder, &information) == 0, information.st_mode & S_IFMT == S_IFDIR else {
            throw .cannotPrepare(folder: folder, reason: "not a folder")
        }
        if information.st_uid == user.uid { return }
        // One that somebody else made, in /tmp say, is not trusted.
        guard information.st_uid == geteuid(), chown(folder, user.uid, user.gid) == 0 else {
            throw .cannotPrepare(folder: folder, reason: "it belongs to user \(information.st_uid)")
        }
    }

    private static func absolute(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func mark(of path: String) -> String { String(Hex.encode(SHA256.digest(of: path)).prefix(12)) }
}
