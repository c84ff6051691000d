import Glibc

/// As whom the server's programs run: as ourselves, or, because PostgreSQL refuses to be root, as `postgres`.
struct ServerUser: Sendable {
    let uid: uid_t
    let gid: gid_t
    private let setpriv: String?

    static func choose() throws(ClusterError) -> ServerUser {
        if geteuid() != 0 { return ServerUser(uid: geteuid(), gid: getegid(), setpriv: nil) }
        guard let entry = getpwnam("postgres"), access("/usr/bin/setpriv", X_OK) == 0 else { throw .noUser }
        return ServerUser(uid: entry.pointee.pw_uid, gid: entry.pointee.pw_gid, setpriv: "/usr/bin/setpriv")
    }

    var isOurselves: Bool { setpriv == nil }

    /// The command that runs a program as this user (setpriv(1) and env(1) replace
    /// themselves by it, so the process id stays).
    func command(_ program: String, _ arguments: [String]) -> (path: String, arguments: [String]) {
        guard let setpriv else { return (program, arguments) }
        let identity = ["--reuid=\(uid)", "--regid=\(gid)", "--clear-groups", "--"]
        // The programs insist on returning to the folder they were started in, which may be closed to this user.
        return (setpriv, identity + ["/usr/bin/env", "--chdir=/", program] + arguments)
    }

    /// Whether this user may pass through every folder down to the path.
    func mayReach(_ path: String) -> Bool {
        if isOurselves { return true }
        var folder = path
        while let slash = folder.lastIndex(of: "/") {
            folder = String(folder[..<slash])
            var information = stat()
            guard stat(folder.isEmpty ? "/" : folder, &information) == 0 else { continue }
            let mode = information.st_mode
            let mayPass = information.st_uid == uid ? mode & S_IXUSR : information.st_gid == gid ? mode & S_IXGRP
                : mode & S_IXOTH
            if mayPass == 0 { return false }
        }
        return true
    }
}
