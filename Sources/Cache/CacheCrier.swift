import JSON
import Postgres
import Runtime
import Synchronization
import Telemetry
import Values

/// Tells all instances what is to be dropped, and hears it from them: a notification of PostgreSQL, sent in the transaction
/// of the change, so that it arrives when that has been committed and never otherwise.
final class CacheCrier: Sendable {
    private static let channel = "atrium_cache"
    /// PostgreSQL takes 8,000 bytes at a time.
    private static let longest = 7_000

    private let database: Database
    private let store: CacheStore
    private let prefix: String
    private let log: Log
    private let name = UUID.v7()
    private let lastNumber = Atomic<UInt64>(0)
    private let isListening = Atomic<Bool>(false)
    /// Our own calls that have been carried out here and not yet been heard.
    private let done = Mutex<Set<UInt64>>([])

    init(database: Database, store: CacheStore, prefix: String, log: Log) {
        self.database = database
        self.store = store
        self.prefix = prefix
        self.log = log
    }

    /// Whether what others drop is heard at this moment.
    var isHearing: Bool { isListening.load(ordering: .acquiring) }

    /// - Parameters:
    ///   - opened: called when things begin to be kept, with nothing there yet.
    ///   - warm: called when somebody asks all instances to warm themselves.
    func listen(opened: @escaping @Sendable () -> Void, warm: @escaping @Sendable () -> Void) {
        database.listen(
            Self.channel,
            hears: { [weak self] isHearing in
                self?.hears(isHearing)
                if isHearing { opened() }
            },
            { [weak self] payload in self?.heard(payload, warm) })
    }

    /// What was dropped while nobody listened is not known: everything goes.
    private func hears(_ isHearing: Bool) {
        isListening.store(false, ordering: .releasing)
        store.drop(.everything(prefix: prefix))
        _ = store.sweep()
        done.withLock { $0.removeAll() }
        isListening.store(isHearing, ordering: .releasing)
    }

    // MARK: Calling

    func drop(_ patterns: [CachePattern]) async throws {
        let number = lastNumber.add(1, ordering: .relaxed).newValue
        if !database.isInTransaction {
            carryOut(patterns, number)
            return try await tell(number, patterns.map(\.spelled))
        }
        try await tell(number, patterns.map(\.spelled))
        database.afterCommit { [self] in carryOut(patterns, number) }
    }

    func dropAfterwards(_ patterns: [CachePattern]) async {
        do {
            try await drop(patterns)
        } catch {
            // They hear nothing of this one; who has lost the database hears nothing at all, and keeps nothing.
            log.error("other instances were not told what to drop", ["cause": .error(error)])
        }
    }

    func warm() async throws {
        try await tell(lastNumber.add(1, ordering: .relaxed).newValue, [Self.warming])
    }

    /// No pattern: names begin with the prefix.
    private static let warming = "!warm"

    /// Our own call is heard, too, in the order of the commits. What has been carried out is not carried out again then: it
    /// would drop what has been made since. What has not been, because nobody knows whether it was committed, is.
    private func carryOut(_ patterns: [CachePattern], _ number: UInt64) {
        for pattern in patterns { store.drop(pattern) }
        if isHearing { _ = done.withLock { $0.insert(number) } }
    }

    private func tell(_ number: UInt64, _ words: [String]) async throws {
        var payload = ([name.description, String(number)] + words).joined(separator: "\n")
        if payload.utf8.count > Self.longest {
            payload = "\(name)\n\(number)\n\(CachePattern.everything(prefix: prefix).spelled)"
        }
        _ = try await database.first(CacheQueries.tell(Self.channel, payload))
    }

    // MARK: Hearing

    private func heard(_ payload: String, _ warm: () -> Void) {
        let lines = payload.split(separator: "\n")
        guard lines.count > 2, let number = UInt64(lines[1]) else { return }
        if lines[0] == name.description, done.withLock({ $0.remove(number) }) != nil { return }
        for line in lines.dropFirst(2) {
            if line == Self.warming { warm() } else { store.drop(CachePattern(String(line), prefix: prefix)) }
        }
    }
}

enum CacheQueries {
    static func tell(_ channel: String, _ payload: String) -> Statement<Bool> {
        Statement("SELECT pg_notify(\(channel), \(payload)) IS NOT NULL", .report)
    }
}
