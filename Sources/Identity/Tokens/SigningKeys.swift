import Crypto
import Postgres
import Synchronization
import Values

/// The door to the signing keys: loads them, keeps them in memory, rotates them.
package final class SigningKeys: Sendable {
    private let database: Database
    private let ring: SealingRing
    private let clock: Clock
    /// How long a key signs.
    private let life: Duration
    private let loaded = Mutex<Loaded>(Loaded())

    private struct Loaded {
        var keys: KeyRing?
        var at = Instant.distantPast
    }

    /// A token with an unknown key makes an instance look once in a while whether it has missed one, not every time.
    private static let patience = Duration.seconds(5)

    package init(database: Database, ring: SealingRing, clock: Clock, life: Duration) {
        self.database = database
        self.ring = ring
        self.clock = clock
        self.life = life
    }

    /// Loads the keys, and makes the first one in a new database or the next one when the current is old.
    package func rotate() async throws {
        let now = clock.now()
        let keys = try await database.all(SigningKeyQueries.verifying(at: now))
        if keys.contains(where: { $0.retiredAt == nil && !$0.isDue(at: now, life: life) }) {
            return try replace(keys)
        }
        try await database.transaction { _ in
            try await database.execute(SigningKeyQueries.lock())
            try await makeNext(at: now)
        }
        try await reload()
    }

    /// Deletes the keys that no token can name any more.
    package func purge() async throws {
        try await database.execute(SigningKeyQueries.purge(at: clock.now()))
    }

    package func reload() async throws {
        try replace(try await database.all(SigningKeyQueries.verifying(at: clock.now())))
    }

    /// Looks for a key that may have come since; false when that was done a moment ago.
    func reloadForUnknownKey() async throws -> Bool {
        let now = clock.now()
        guard loaded.withLock({ now - $0.at > Self.patience }) else { return false }
        try await reload()
        return true
    }

    /// The next use loads the keys anew.
    func forget() { loaded.withLock { $0 = Loaded() } }

    /// The keys in memory, loaded when there are none.
    func current() async throws -> KeyRing {
        if let keys = loaded.withLock({ $0.keys }) { return keys }
        try await rotate()
        guard let keys = loaded.withLock({ $0.keys }) else { throw CryptoError.unknownKey }
        return keys
    }

    private func makeNext(at now: Instant) async throws {
        let keys = try await database.all(SigningKeyQueries.verifying(at: now))
        let current = keys.first { $0.retiredAt == nil }
        if let current, !current.isDue(at: now, life: life) { return }
        let start = current == nil ? now : now + SigningKey.announcement
        if let current {
            try await database.execute(SigningKeyQueries.retire(current.kid, at: start + SigningKey.afterlife))
        }
        try await database.execute(SigningKeyQueries.insert(.generate(notBefore: start, ring: ring)))
    }

    private func replace(_ keys: [SigningKey]) throws {
        do {
            let keys = try KeyRing(keys, ring: ring)
            loaded.withLock { $0 = Loaded(keys: keys, at: clock.now()) }
        } catch is CryptoError {
            throw DataKeyMismatch()
        }
    }
}
