import Postgres
import Runtime
import Synchronization
import Telemetry
import Values

/// The outbox: where modules leave what has happened, and from where it is handed to those who listen.
package final class Outbox: Sendable {
    static let batch = 100
    /// How often a handler is tried with one event before the event is set aside for it: after 1, 2, 4 … seconds, half an
    /// hour in all.
    static let attempts = 12
    /// How often what was set aside is tried again, until it is taken.
    static let retryInterval = Duration.seconds(3600)
    /// How much of that at once: what fails slowly is not to hold up what is new.
    static let retries = 10
    private let database: Database
    private let log: Log
    private let clock: Clock
    private let wakes = Mutex(Wakes.resting)
    private let setAsideCount = Atomic<Int>(0)
    private let unclaimedCount = Atomic<Int>(0)

    package init(database: Database, log: Log, clock: Clock = .system) {
        self.database = database
        self.log = log
        self.clock = clock
    }

    /// Events set aside for a handler, as last counted; anything but zero is an alarm.
    package var setAside: Int { setAsideCount.load(ordering: .relaxed) }

    /// Events kept for handlers that this program does not have, as last counted: their name has changed, or their product
    /// is switched off.
    package var unclaimed: Int { unclaimedCount.load(ordering: .relaxed) }

    /// Counts what lies in the database, so that a restart forgets nothing.
    package func count(for handlers: [EventHandler]) async throws {
        let counts = try await database.one(OutboxQueries.counts(handlers: handlers.map(\.name)))
        setAsideCount.store(counts.setAside, ordering: .relaxed)
        unclaimedCount.store(counts.unclaimed, ordering: .relaxed)
    }

    /// Leaves an event in the outbox. Called inside the transaction that makes it true.
    package func publish(_ event: Event) async throws {
        _ = try await database.execute(OutboxQueries.publish(event))
        _ = try await database.first(OutboxQueries.wake())
    }

    /// Leaves the same event of many objects in the outbox, without data.
    package func publish(_ name: String, _ objectType: String, of objects: [UUID]) async throws {
        _ = try await database.execute(OutboxQueries.publish(name, objectType, of: objects))
        _ = try await database.first(OutboxQueries.wake())
    }

    /// Wakes the dispatchers of every instance, for events that a function of the database has left. Of many who ask while a
    /// notification is under way one more is sent: each is a lock that all commits of the cluster share. Called on a loop.
    package func wakeSoon() {
        // Away from a loop the dispatchers find it by themselves, a second later.
        guard let loop = EventLoop.current else { return }
        let begins = wakes.withLock { wakes in
            defer { wakes = wakes == .resting ? .sending : .wanted }
            return wakes == .resting
        }
        guard begins else { return }
        loop.spawn { [self] in
            repeat {
                // One that is lost costs a second: the dispatchers look by themselves.
                _ = try? await database.first(OutboxQueries.wake())
            } while wakes.withLock { wakes in
                defer { wakes = wakes == .wanted ? .sending : .resting }
                return wakes == .wanted
            }
        }
    }

    /// Calls `body` on the first loop when something has happened on any instance: at an event's commit, or soon after it where a
    /// function of the database has left the event.
    package func hear(_ body: @escaping @Sendable () -> Void) { database.listen(OutboxQueries.channel) { _ in body() } }

    private enum Wakes { case resting, sending, wanted }

    /// Hands what waits to the handlers, oldest first; one instance at a time, so that each handler gets events in order.
    ///
    /// A handler that throws is tried again later with the same event, while others go on; what comes behind it waits for
    /// that handler alone. After some tries the event is set aside for it, with an alarm, and the next one follows; what was
    /// set aside is tried again every hour until it is taken.
    ///
    /// - Returns: how many new events were handed over.
    package func dispatch(to handlers: [EventHandler]) async throws -> Int {
        try await database.transaction { _ in
            guard try await database.first(OutboxQueries.lock()) == true else { return 0 }
            try await retry(handlers)
            let behind = try await catchUp(handlers)
            let rows = try await database.all(OutboxQueries.take(Outbox.batch))
            for handler in handlers {
                let concerning = rows.filter { handler.events.contains($0.event.name) }
                var left = concerning[...]
                if !behind.contains(handler.name) { left = try await handOver(left, to: handler) }
                for row in left {
                    try await database.execute(
                        OutboxQueries.put(BacklogEntry(event: row.id, handler: handler.name, attempts: 0, nextAt: clock.now())))
                }
            }
            if !rows.isEmpty { _ = try await database.execute(OutboxQueries.dispatched(rows.map(\.id))) }
            return rows.count
        }
    }

    /// - Returns: what lies behind the first event that the handler could not take, which comes to it later.
    private func handOver(_ rows: ArraySlice<OutboxRow>, to handler: EventHandler) async throws -> ArraySlice<OutboxRow> {
        var left = rows
        while !left.isEmpty {
            let next = left.prefix(handler.limit)
            if await deliver(next.map(\.event), to: handler) {
                left = left.dropFirst(next.count)
                continue
            }
            for row in next {
                // One that was alone has failed alone.
                if next.count > 1, await deliver([row.event], to: handler) { continue }
                try await postpone(BacklogEntry(event: row.id, handler: handler.name, attempts: 0, nextAt: clock.now()))
                return left.drop { $0.id <= row.id }
            }
            left = left.dropFirst(next.count)
        }
        return left
    }

    /// Tries what was set aside and is due again.
    private func retry(_ handlers: [EventHandler]) async throws {
        let due = OutboxQueries.setAside(of: handlers.map(\.name), now: clock.now(), Outbox.retries)
        for row in try await database.all(due) {
            guard let handler = handlers.first(where: { $0.name == row.entry.handler }) else { continue }
            if await deliver([row.event], to: handler) {
                try await database.execute(OutboxQueries.drop(row.entry))
            } else {
                try await postpone(row.entry)
            }
        }
    }

    /// Goes on with those who are behind; answers who still is.
    private func catchUp(_ handlers: [EventHandler]) async throws -> Set<String> {
        var behind = Set(try await database.all(OutboxQueries.behind()))
        for handler in handlers where behind.contains(handler.name) {
            if try await catchUp(handler) { behind.remove(handler.name) }
        }
        return behind
    }

    /// Whether nothing waits for the handler any more.
    private func catchUp(_ handler: EventHandler) async throws -> Bool {
        let rows = try await database.all(OutboxQueries.backlog(of: handler.name, Outbox.batch))
        for row in rows {
            guard row.entry.nextAt <= clock.now() else { return false }
            if await deliver([row.event], to: handler) {
                try await database.execute(OutboxQueries.drop(row.entry))
            } else if try await postpone(row.entry) {
                return false
            }
        }
        return rows.count < Outbox.batch
    }

    /// The handler has failed once more: later, then, or aside. Whether it still stands in line.
    @discardableResult
    private func postpone(_ entry: BacklogEntry) async throws -> Bool {
        let now = clock.now()
        var entry = entry
        entry.attempts += 1
        let isAside = entry.attempts >= Outbox.attempts
        entry.nextAt = now + (isAside ? Outbox.retryInterval : .seconds(1 << (entry.attempts - 1)))
        if isAside {
            log.error(
                "an event was set aside for a handler", ["handler": .text(entry.handler), "event": .integer(Int64(entry.event))])
        }
        try await database.execute(OutboxQueries.put(entry, failedAt: isAside ? now : nil))
        return !isAside
    }

    private func deliver(_ events: [Event], to handler: EventHandler) async -> Bool {
        do {
            try await database.transaction { _ in try await handler.run(events) }
            return true
        } catch {
            log.error(
                "an event handler failed",
                [
                    "handler": .text(handler.name), "event": .text(events.count == 1 ? events[0].name : "\(events.count) events"),
                    "error": .text("\(error)"),
                ])
            return false
        }
    }

    package func clean() async throws { _ = try await database.execute(OutboxQueries.clean()) }
}
