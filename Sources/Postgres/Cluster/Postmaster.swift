import Glibc

/// The server's first process, as its own pid file tells of it.
struct Postmaster: Sendable {
    let pid: pid_t
    /// The data folder it serves.
    let data: String

    /// One that runs on the data folder; nil when there is none, or the file is left over.
    static func running(_ layout: ClusterLayout) -> Postmaster? {
        guard let pid = recorded(layout) else { return nil }
        let postmaster = Postmaster(pid: pid, data: layout.data)
        return postmaster.isAlive ? postmaster : nil
    }

    /// The process that the data folder's file names, whatever it is by now.
    static func recorded(_ layout: ClusterLayout) -> pid_t? {
        guard let text = FileContents.text(layout.postmasterFile),
            let pid = text.split(separator: "\n").first.flatMap({ pid_t($0) }), pid > 1
        else { return nil }
        return pid
    }

    /// Alive, no zombie, and a server on this folder: the number may have been given to another process since, also to
    /// a server of another folder.
    var isAlive: Bool {
        guard let status = FileContents.text("/proc/\(pid)/stat"),
            let open = status.firstIndex(of: "("), let close = status.lastIndex(of: ")")
        else { return false }
        let state = status[status.index(after: close)...].first { $0 != " " }
        guard status[status.index(after: open)..<close].hasPrefix("postgres"), state != "Z", state != "X" else {
            return false
        }
        return namesFolder || worksInFolder
    }

    private var namesFolder: Bool {
        let command = FileContents.text("/proc/\(pid)/cmdline") ?? ""
        return command.split(separator: "\0").contains { $0 == data }
    }

    /// The server works in its data folder, by whatever name it was started on it. Not everybody may look (ptrace(2)).
    private var worksInFolder: Bool {
        guard let folder = realpath("/proc/\(pid)/cwd", nil) else { return false }
        defer { free(folder) }
        return String(cString: folder) == data
    }
}
