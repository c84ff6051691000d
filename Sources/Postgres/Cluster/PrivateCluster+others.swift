import Glibc

/// What to do with a cluster that another process keeps.
extension PrivateCluster {
    /// What to connect to when another process of this program keeps the folder's cluster running; nil otherwise. For
    /// commands that are given while a server runs. Throws `ClusterError`.
    package static func keptByAnother(_ options: ClusterOptions) throws -> String? {
        guard access(options.folder, F_OK) == 0 else { return nil }
        let layout = try ClusterLayout(folder: options.folder, user: try ServerUser.choose())
        let fd = open(layout.ownerLock, O_RDWR | O_CLOEXEC)
        guard fd >= 0 else { return nil }
        defer { close(fd) }
        if flock(fd, LOCK_EX | LOCK_NB) == 0 { return nil }
        return Postmaster.running(layout) == nil ? nil : connectionString(layout, database: options.database)
    }

    /// Whether a start would find a database in the folder, and not make one.
    package static func exists(in folder: String) throws -> Bool {
        access(ClusterLayout(within: folder, user: try ServerUser.choose()).data + "/PG_VERSION", F_OK) == 0
    }
}
