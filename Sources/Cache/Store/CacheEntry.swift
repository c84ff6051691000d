import Glibc

/// Something kept, in its shard's list of least recent use. What says whose it is and how long it holds never changes; the
/// rest belongs to the shard's lock.
final class CacheEntry: @unchecked Sendable {
    let key: CacheKey
    let value: CacheValue
    let places: CachePlaces
    /// Of the counters, when the value began to be made.
    let generation: UInt64
    /// Microseconds since 1970 from which on it is not given any more.
    let expires: Int64
    /// Bytes that it counts for.
    let size: Int
    var hits = 0
    unowned(unsafe) var newer: CacheEntry?
    unowned(unsafe) var older: CacheEntry?

    /// Of entry, list and table, about.
    static let overhead = 250

    init(key: CacheKey, value: CacheValue, places: CachePlaces, generation: UInt64, expires: Int64) {
        self.key = key
        self.value = value
        self.places = places
        self.generation = generation
        self.expires = expires
        size = key.bytes.count + value.size + CacheEntry.overhead
    }

    func isKey(_ bytes: UnsafeRawBufferPointer) -> Bool { key.isEqual(to: bytes) }
}

/// A key, for keeping: the name, and behind it what else tells one value from another.
struct CacheKey: Sendable {
    let bytes: [UInt8]
    let nameCount: Int
    let hash: UInt64

    var name: String { String(decoding: bytes[..<nameCount], as: UTF8.self) }

    func isEqual(to other: UnsafeRawBufferPointer) -> Bool {
        bytes.count == other.count
            && bytes.withUnsafeBytes { memcmp($0.baseAddress.unsafelyUnwrapped, other.baseAddress.unsafelyUnwrapped, other.count) == 0 }
    }

    /// Seeded anew in each process, so that nobody outside can choose keys that meet.
    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(bytes: bytes)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
