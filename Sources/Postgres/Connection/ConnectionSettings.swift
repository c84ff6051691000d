import CPostgres
import Runtime

/// How to reach PostgreSQL and how its sessions behave.
package struct ConnectionSettings: Sendable {
    /// What a session is for; decides its limits.
    package enum Purpose: Sendable {
        /// Short reads that share round trips.
        case lane
        /// Everything else.
        case lease
        /// Listening, copying, migrating: no time limit on statements.
        case plain
    }

    /// libpq's keywords and values, as the connection string gives them.
    package private(set) var keywords: [(name: String, value: String)]
    package var applicationName = "atrium"
    package var connectTimeout: Duration = .seconds(5)
    package var statementTimeout: Duration = .seconds(15)
    package var laneStatementTimeout: Duration = .seconds(2)
    package var lockTimeout: Duration = .seconds(5)
    package var idleInTransactionTimeout: Duration = .seconds(30)

    /// - Parameter url: `postgresql://…` or `host=… dbname=…`, with several hosts if wished, of which the primary is taken
    ///   unless `target_session_attrs` says otherwise (libpq, 34.1.1). Throws `InvalidConnectionString`.
    package init(_ url: String) throws {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(url, &message) else {
            let reason = message.map { String(cString: $0) } ?? "not understood"
            PQfreemem(message)
            throw InvalidConnectionString(reason: reason)
        }
        defer { PQconninfoFree(options) }
        keywords = []
        var option = options
        while let name = option.pointee.keyword {
            if let value = option.pointee.val { keywords.append((String(cString: name), String(cString: value))) }
            option += 1
        }
    }

    /// A keyword of the connection string, if it was given.
    package func value(of name: String) -> String? { keywords.last { $0.name == name }?.value }

    package mutating func set(_ name: String, _ value: String) {
        keywords.removeAll { $0.name == name }
        keywords.append((name, value))
    }

    /// Everything that is handed to libpq, names of hosts already turned into addresses: libpq would look them up
    /// with `getaddrinfo`, which blocks.
    func parameters(for purpose: Purpose, resolver: Resolver) async throws -> [(name: String, value: String)] {
        var all = try await resolved(resolver)
        all.set("client_encoding", "UTF8")
        if let attributes = targetAttributes(for: purpose) { all.set("target_session_attrs", attributes) }
        if value(of: "application_name") == nil { all.set("application_name", applicationName) }
        // A peer that has vanished without a word is given up after this time (libpq, 34.1.2; no effect on local sockets).
        if value(of: "tcp_user_timeout") == nil { all.set("tcp_user_timeout", "20000") }
        if value(of: "keepalives_idle") == nil { all.set("keepalives_idle", "30") }
        let given = value(of: "options").map { $0 + " " } ?? ""
        let session = sessionOptions(for: purpose).map { "-c \($0.name)=\($0.value)" }.joined(separator: " ")
        all.set("options", given + session)
        return all.keywords
    }

    /// Which of several servers is taken: the primary, unless the connection string says otherwise. A lane's sessions are
    /// read-only by themselves, so that they would find no server that is `read-write`.
    private func targetAttributes(for purpose: Purpose) -> String? {
        switch value(of: "target_session_attrs") {
        case nil: (value(of: "host") ?? value(of: "hostaddr") ?? "").contains(",") ? "primary" : nil
        case "read-write"? where purpose == .lane: "primary"
        case let given: given
        }
    }

    /// Of the options below one that the server reports at once (protocol, 55.2.7), with a value that nobody has by default:
    /// it tells whether they have come through.
    static let told = (name: "IntervalStyle", value: "iso_8601")

    /// The same options as a script, for a session that they have not reached: a pooler does not pass them on.
    func sessionScript(for purpose: Purpose) -> String {
        sessionOptions(for: purpose).map { "set \($0.name) = '\($0.value)'" }.joined(separator: "; ")
    }

    private func sessionOptions(for purpose: Purpose) -> [(name: String, value: String)] {
        var options: [(name: String, value: String)] = [
            ("TimeZone", "UTC"), ("DateStyle", "ISO"), Self.told, ("extra_float_digits", "1"),
            ("bytea_output", "hex"), ("lock_timeout", milliseconds(lockTimeout)),
            ("idle_in_transaction_session_timeout", milliseconds(idleInTransactionTimeout)),
        ]
        // Every statement is prepared once and run very often, and its parts are left out where a filter is not given:
        // planning anew for the values costs more than it finds (a search by prefix ran four times slower).
        if purpose != .plain { options.append(("plan_cache_mode", "force_generic_plan")) }
        switch purpose {
        case .lane:
            options.append(("statement_timeout", milliseconds(laneStatementTimeout)))
            options.append(("default_transaction_read_only", "on"))
        case .lease: options.append(("statement_timeout", milliseconds(statementTimeout)))
        case .plain: options.append(("statement_timeout", "0"))
        }
        return options
    }

    private func milliseconds(_ time: Duration) -> String { "\(time.nanoseconds / 1_000_000)" }

    /// Each host that is a name becomes one entry per address, with `host` kept for certificates and password files.
    /// One that cannot be resolved is left out; when none is left, says why.
    private func resolved(_ resolver: Resolver) async throws -> ConnectionSettings {
        let hosts = value(of: "host")?.split(separator: ",", omittingEmptySubsequences: false).map(String.init) ?? []
        if value(of: "hostaddr") != nil || hosts.allSatisfy(isLocal) { return self }
        let ports = (value(of: "port") ?? "").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        var entries: [(host: String, address: String, port: String)] = []
        var failure: (any Error)?
        for (index, host) in hosts.enumerated() {
            let port = ports.count == 1 ? ports[0] : index < ports.count ? ports[index] : ""
            if isLocal(host) {
                entries.append((host, "", port))
                continue
            }
            do {
                let addresses = try await resolver.resolve(host, port: UInt16(port) ?? 5432)
                for address in addresses { entries.append((host, address.ip, port)) }
            } catch {
                failure = error
            }
        }
        if let failure, entries.isEmpty { throw failure }
        var settings = self
        settings.set("host", entries.map(\.host).joined(separator: ","))
        settings.set("hostaddr", entries.map(\.address).joined(separator: ","))
        settings.set("port", entries.map(\.port).joined(separator: ","))
        return settings
    }

    /// A folder with a socket, or libpq's default.
    private func isLocal(_ host: String) -> Bool { host.isEmpty || host.hasPrefix("/") || host.hasPrefix("@") }
}

/// `DATABASE_URL` is no connection string.
package struct InvalidConnectionString: Error, Sendable, CustomStringConvertible {
    package let reason: String
    package var description: String { "not a PostgreSQL connection string: \(reason)" }
}
