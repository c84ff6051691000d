import Runtime

/// The one connection of the process that listens. It connects at the first subscription, again after every loss, and
/// tells the subscribers then that they may have missed something: PostgreSQL keeps notifications for nobody.
/// Confined to its loop, save `subscribe` and `close`.
final class Listener: @unchecked Sendable {
    private struct Subscriber {
        let number: Int
        let channel: String
        let lost: @Sendable () -> Void
        let hears: @Sendable (Bool) -> Void
        let received: @Sendable (String) -> Void
    }

    private let home: EventLoop
    private let settings: ConnectionSettings
    private let resolver: Resolver
    private var subscribers: [Subscriber] = []
    private var nextNumber = 0
    private var connection: PlainConnection?
    private var isWorking = false
    private var isClosed = false
    private var hasBeenConnected = false
    private var backoff = Backoff()
    /// The channels that the connection listens to.
    private var heard: Set<String> = []

    init(home: EventLoop, settings: ConnectionSettings, resolver: Resolver) {
        self.home = home
        self.settings = settings
        self.resolver = resolver
    }

    func subscribe(
        _ channel: String, lost: @escaping @Sendable () -> Void, hears: @escaping @Sendable (Bool) -> Void,
        _ received: @escaping @Sendable (String) -> Void
    ) -> Subscription {
        let token = Token()
        home.execute { [self] in
            nextNumber += 1
            token.number = nextNumber
            subscribers.append(
                Subscriber(number: nextNumber, channel: channel, lost: lost, hears: hears, received: received))
            if heard.contains(channel) { hears(true) }
            work()
        }
        return Subscription { [self] in
            home.execute { [self] in
                subscribers.removeAll { $0.number == token.number }
                work()
            }
        }
    }

    /// Written and read on the loop only.
    private final class Token: @unchecked Sendable { var number = 0 }

    func close() {
        home.execute { [self] in
            isClosed = true
            subscribers.removeAll()
            connection?.end(.unavailable("closed"))
            connection = nil
        }
    }

    // MARK: Keeping up

    /// Brings connection and LISTENs in line with the subscribers; one task at a time.
    private func work() {
        guard !isWorking else { return }
        isWorking = true
        home.spawn { [self] in
            await catchUp()
            isWorking = false
        }
    }

    private func catchUp() async {
        while !isClosed {
            let wanted = Set(subscribers.map(\.channel))
            if connection != nil ? wanted == heard : wanted.isEmpty { return }
            do {
                let connection = try await connected()
                for channel in wanted.subtracting(heard) {
                    try await connection.run("listen \(Listener.quoted(channel))")
                    begin(channel)
                }
                for channel in heard.subtracting(wanted) {
                    // From here on: who subscribes while the answer is on its way has the channel listened to anew.
                    heard.remove(channel)
                    try await connection.run("unlisten \(Listener.quoted(channel))")
                }
            } catch {
                drop()
                backoff.failed(at: EventLoop.monotonic())
                let now = EventLoop.monotonic()
                try? await home.sleep(for: .nanoseconds(Int64(backoff.until - min(now, backoff.until))))
            }
        }
    }

    private func connected() async throws -> PlainConnection {
        if let connection { return connection }
        let connection = try await PlainConnection.open(settings, on: home, resolver: resolver)
        if isClosed {
            connection.close()
            throw CancellationError()
        }
        connection.onNotification = { [unowned self] channel, payload in
            for subscriber in subscribers where subscriber.channel == channel { subscriber.received(payload) }
        }
        connection.onLost = { [unowned self, unowned connection] _ in
            guard self.connection === connection else { return }
            drop()
            work()
        }
        do {
            for channel in Set(subscribers.map(\.channel)) {
                try await connection.run("listen \(Listener.quoted(channel))")
                begin(channel)
            }
        } catch {
            connection.close()
            throw error
        }
        // Closed while the answers to LISTEN were on their way: nobody else would close it.
        if isClosed {
            connection.close()
            throw CancellationError()
        }
        self.connection = connection
        backoff.succeeded()
        // Only now is every channel heard again, so that what is read anew misses nothing.
        if hasBeenConnected { for subscriber in subscribers { subscriber.lost() } }
        hasBeenConnected = true
        return connection
    }

    private func drop() {
        connection?.close()
        connection = nil
        for subscriber in subscribers where heard.contains(subscriber.channel) { subscriber.hears(false) }
        heard.removeAll()
    }

    private func begin(_ channel: String) {
        heard.insert(channel)
        for subscriber in subscribers where subscriber.channel == channel { subscriber.hears(true) }
    }

    private static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
