import Runtime

/// The connections of one lane or pool: opens them up to a number, and again, with patience, after they are lost.
/// Confined to its loop.
final class ConnectionSet {
    let loop: EventLoop
    let limit: Int
    private let settings: DatabaseSettings
    private let purpose: ConnectionSettings.Purpose
    private let resolver: Resolver
    private let counters: DatabaseCounters
    private(set) var connections: [PipelineConnection] = []
    private var backoff = Backoff()
    private var retryTimer: LoopTimer?
    private var isClosed = false
    /// Why the last connection failed.
    private(set) var lastFailure: DatabaseError?
    /// The back-off has passed: whoever needs connections may ask again.
    var onRetry: () -> Void = {}

    init(
        loop: EventLoop, limit: Int, purpose: ConnectionSettings.Purpose, settings: DatabaseSettings,
        resolver: Resolver, counters: DatabaseCounters
    ) {
        self.loop = loop
        self.limit = limit
        self.purpose = purpose
        self.settings = settings
        self.resolver = resolver
        self.counters = counters
    }

    var hasOpen: Bool { connections.contains(where: \.isOpen) }
    var opening: Int { connections.count { $0.phase == .connecting } }

    /// Opens connections until there are `wanted`, as far as limit and back-off allow.
    func grow(to wanted: Int, owner: any ConnectionOwner) {
        guard !isClosed else { return }
        while connections.count < min(wanted, limit) {
            let now = EventLoop.monotonic()
            if now < backoff.until { return retry(in: backoff.until - now) }
            let connection = PipelineConnection(
                home: loop, owner: owner, statementCapacity: settings.statementCapacity)
            connections.append(connection)
            connection.open(settings.connection, purpose, resolver)
        }
    }

    private func retry(in delay: UInt64) {
        guard retryTimer == nil else { return }
        retryTimer = loop.timer(after: .nanoseconds(Int64(delay))) { [weak self] in
            guard let self else { return }
            retryTimer = nil
            onRetry()
        }
    }

    func opened(_ connection: PipelineConnection) {
        backoff.succeeded()
        lastFailure = nil
        counters.opened.bump()
        counters.connections.bump()
    }

    /// - Parameter wasOpen: it had worked before; the first attempt to replace it is then made at once.
    func lost(_ connection: PipelineConnection, _ error: DatabaseError) {
        connections.removeAll { $0 === connection }
        lastFailure = error
        if case .connectionLost = error.kind {
            counters.connections.bump(-1)
        } else {
            backoff.failed(at: EventLoop.monotonic())
        }
        counters.note(error)
    }

    /// Ends an idle connection that is not needed.
    func dismiss(_ connection: PipelineConnection) {
        connections.removeAll { $0 === connection }
        connection.owner = nil
        connection.close()
        counters.connections.bump(-1)
    }

    /// Ends all connections and opens no more.
    func close() {
        isClosed = true
        retryTimer?.cancel()
        for connection in connections { connection.end(.connectionLost(outcomeUnknown: false, "closed")) }
    }
}
