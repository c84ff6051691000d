import Glibc

/// The server's first process, as its own pid file tells of it.
struct Postmaster: Sendable {
    let pid: pid_t

    /// One that runs on the data folder; nil when there is none, or the file is left over.
    static func running(_ layout: ClusterLayout) -> Postmaster? {
        guard let text = FileContents.text(layout.postmasterFile),
            let pid = text.split(separator: "\n").first.flatMap({ pid_t($0) }), pid > 1
        else { return nil }
        let postmaster = Postmaster(pid: pid)
        return postmaster.isAlive ? postmaster : nil
    }

    /// Alive, no zombie, and a server of PostgreSQL: the number may have been given to another process since.
    var isAlive: Bool {
        guard let status = FileContents.text("/proc/\(pid)/stat"),
            let open = status.firstIndex(of: "("), let close = status.lastIndex(of: ")")
        else { return false }
        let state = status[status.index(after: close)...].first { $0 != " " }
        return status[status.index(after: open)..<close].hasPrefix("postgres") && state != "Z" && state != "X"
    }
}
