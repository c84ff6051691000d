/// How a private cluster is kept.
package struct ClusterOptions: Sendable {
    /// Where it lives; made when it does not exist.
    package var folder: String
    /// The database inside it that `url` names.
    package var database = "atrium"
    /// Written through to the disk at every commit. Off only for tests: a crash of the machine may lose everything.
    package var isDurable = true
    package var maximumConnections = 100
    package var sharedMegabytes = 128
    /// How long starting may take; recovery after a crash reads the whole log.
    package var startLimit: Duration = .seconds(60)

    package init(folder: String) { self.folder = folder }

    /// Settings on the server's command line, so that they are those of this program and not of an older one.
    func arguments(socketFolder: String) -> [String] {
        var settings = [
            "listen_addresses=", "port=5432", "unix_socket_directories=\(socketFolder)",
            "unix_socket_permissions=0700", "max_connections=\(maximumConnections)",
            "shared_buffers=\(sharedMegabytes)MB", "work_mem=8MB", "random_page_cost=1.1", "jit=off",
            "max_wal_size=1GB", "checkpoint_timeout=15min", "wal_compression=on", "log_min_messages=warning",
            "log_destination=stderr", "logging_collector=off", "cluster_name=atrium", "timezone=UTC",
            "max_prepared_transactions=0",
        ]
        if !isDurable { settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"] }
        return settings.flatMap { ["-c", $0] }
    }
}
