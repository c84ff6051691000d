import Runtime

/// The client on one loop. Confined to it.
final class ClientLoop: @unchecked Sendable {
    private struct Origin: Hashable {
        let isSecure: Bool
        let host: String
        let port: UInt16
        /// Of requests that say where they go: a connection made by another's look-up is none of theirs.
        let addresses: [SocketAddress]?
    }

    let loop: EventLoop
    private let settings: ClientSettings
    private let resolver: Resolver
    private let tls: ClientTLS
    private var pools: [Origin: HostPool] = [:]
    private var sweeper: LoopTimer?

    init(loop: EventLoop, settings: ClientSettings, resolver: Resolver, tls: ClientTLS) {
        self.loop = loop
        self.settings = settings
        self.resolver = resolver
        self.tls = tls
    }

    /// Connections open on this loop.
    var openConnections: Int { pools.values.reduce(0) { $0 + $1.open } }

    func send(_ request: ClientRequest) async throws -> ClientResponse {
        precondition(request.source == nil, "what is read while it is sent has no time limit as a whole: stream it")
        let proxy = proxy(for: request)
        guard let bytes = request.bytes(viaProxy: proxy) else { throw ClientError.malformedRequest }
        let watch = Watch()
        let timer = loop.timer(after: request.timeout ?? settings.timeout) { watch.fail(.timeout(sent: false)) }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            try await attempt(request, proxy, watch) { connection in
                try await connection.exchange(
                    bytes, toHead: request.method == .head, largest: request.largestAnswer ?? settings.largestAnswer)
            }
        } onCancel: {
            loop.execute { watch.fail(.cancelled(sent: false)) }
        }
    }

    func stream<T>(
        _ request: ClientRequest, _ body: nonisolated(nonsending) (IncomingResponse) async throws -> T
    ) async throws -> T {
        let proxy = proxy(for: request)
        guard let bytes = request.bytes(viaProxy: proxy) else { throw ClientError.malformedRequest }
        let watch = Watch()
        let wait = Watch.Patience(watch: watch, loop: loop, limit: request.timeout ?? settings.timeout)
        return try await withTaskCancellationHandler {
            try await attempt(request, proxy, watch, wait) { connection in
                let head = try await beginning(request, bytes, wait, on: connection)
                let result = try await body(IncomingResponse(head, on: connection, wait))
                connection.end()
                return result
            }
        } onCancel: {
            loop.execute { watch.fail(.cancelled(sent: false)) }
        }
    }

    /// A body that is read while it is sent has a limit on each wait, and the head behind it one more.
    private func beginning(
        _ request: ClientRequest, _ bytes: [UInt8], _ wait: Watch.Patience, on connection: ClientConnection
    ) async throws -> ResponseHead {
        let toHead = request.method == .head
        do {
            guard let source = request.source else {
                return try await wait.during { try await connection.begin(bytes, toHead: toHead) }
            }
            return try await connection.begin(bytes, source, wait, toHead: toHead)
        } catch let error as ClientError {
            throw error.knowing(sent: connection.hasSent)
        }
    }

    private func proxy(for request: ClientRequest) -> ClientProxy? {
        request.addresses == nil ? settings.proxy.flatMap { $0.serves(request.url.host) ? $0 : nil } : nil
    }

    private func attempt<T>(
        _ request: ClientRequest, _ proxy: ClientProxy?, _ watch: Watch, _ wait: Watch.Patience? = nil,
        _ exchange: nonisolated(nonsending) (ClientConnection) async throws -> T
    ) async throws -> T {
        let pool = pool(of: request)
        while true {
            let connection: ClientConnection
            if let wait {
                connection = try await wait.during { try await connect(request, proxy, pool, watch) }
            } else {
                connection = try await connect(request, proxy, pool, watch)
            }
            let hasRested = connection.served > 0
            do {
                watch.begin { connection.socket.fail($0) }
                let result = try await exchange(connection)
                watch.end()
                if connection.isReusable { pool.giveBack(connection, now: loop.now) } else { pool.lost(connection) }
                return result
            } catch {
                watch.end()
                pool.lost(connection)
                // "an inbound connection is closed prematurely": a rested connection may have been closed by the server
                // while the request was on its way, and "a client ... MAY retry" what is idempotent (RFC 9112 9.3.1).
                guard hasRested, !connection.hasReceived, case .connectionLost? = error as? ClientError,
                    request.method.isIdempotent || !connection.hasSent
                else { throw error }
            }
        }
    }

    // MARK: connections

    private func connect(
        _ request: ClientRequest, _ proxy: ClientProxy?, _ pool: HostPool, _ watch: Watch
    ) async throws -> ClientConnection {
        switch pool.lease() {
        case .rested(let connection): return connection
        case .overloaded: throw ClientError.overloaded
        case .mayOpen: break
        case .wait(let waiter):
            watch.begin { waiter.resume(throwing: $0) }
            defer { watch.end() }
            if let connection = try await waiter.value() { return connection }
        }
        do {
            return try await open(request, proxy, watch)
        } catch {
            pool.lost(nil)
            throw error
        }
    }

    private func open(_ request: ClientRequest, _ proxy: ClientProxy?, _ watch: Watch) async throws -> ClientConnection {
        let url = request.url
        let timer = loop.timer(after: settings.connectTimeout) { watch.fail(.connecting("timed out")) }
        defer {
            timer.cancel()
            watch.end()
        }
        let addresses: [SocketAddress]
        if let pinned = request.addresses {
            addresses = pinned
        } else {
            addresses = try await watch.resolve(
                proxy?.host ?? url.host, port: proxy?.port ?? url.port, by: resolver, on: loop)
        }
        return try await ClientConnection.open(
            url, addresses: addresses, patience: settings.connectTimeout, proxy: proxy, tls: tls, loop: loop
        ) { socket in
            watch.begin { socket.fail($0) }
        }
    }

    private func pool(of request: ClientRequest) -> HostPool {
        let url = request.url
        let origin = Origin(isSecure: url.isSecure, host: url.host, port: url.port, addresses: request.addresses)
        if let known = pools[origin] { return known }
        let pool = HostPool(most: settings.connectionsPerHost, mostWaiting: settings.waitingPerHost)
        pools[origin] = pool
        if sweeper == nil {
            sweeper = loop.timer(after: .seconds(1), repeating: .seconds(1)) { [weak self] in self?.sweep() }
        }
        return pool
    }

    private func sweep() {
        let age = settings.idleTimeout.nanoseconds
        for (origin, pool) in pools {
            if loop.now > age { pool.expire(before: loop.now - age) }
            if pool.isUnused { pools[origin] = nil }
        }
        if pools.isEmpty {
            sweeper?.cancel()
            sweeper = nil
        }
    }

    /// Closes the resting connections.
    func closeIdle() {
        for pool in pools.values { pool.expire(before: .max) }
    }
}
