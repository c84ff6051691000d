import Synchronization

/// How often names have been dropped, as counters that all loops read without a lock.
///
/// A name belongs to itself and to every group of names above it (`payments:user:7` to `payments:*` and
/// `payments:user:*`); each has a counter, found by its hash. Dropping a name or a group raises its counter by one, whatever
/// lies under it and on whichever loop: at once nothing made before is given any more, and what is being made at that moment
/// is not kept. Two names that share a counter drop each other, which costs a miss.
final class Generations: @unchecked Sendable {
    static let count = 4096
    private let counters: UnsafeMutablePointer<Atomic<UInt64>>

    init() {
        counters = .allocate(capacity: Self.count)
        for index in 0..<Self.count { (counters + index).initialize(to: Atomic(0)) }
    }

    deinit {
        counters.deinitialize(count: Self.count)
        counters.deallocate()
    }

    /// The counters only rise, so two sums over the same ones are equal only when each of them is.
    func sum(of places: borrowing CachePlaces) -> UInt64 {
        var sum = (counters + CachePlaces.everything).pointee.load(ordering: .acquiring)
        for index in 0..<Int(places.count) {
            sum &+= (counters + Int(places.places[index])).pointee.load(ordering: .acquiring)
        }
        return sum
    }

    func raise(_ place: Int) { (counters + place).pointee.add(1, ordering: .acquiringAndReleasing) }
}

/// Where the counters of a name lie.
struct CachePlaces: Sendable {
    /// The counter that every name has.
    static let everything = 0
    /// A name in deeper groups belongs to the uppermost ones alone; dropping a deeper group drops the whole of those.
    static let deepest = 7

    fileprivate(set) var places = InlineArray<8, UInt16>(repeating: 0)
    fileprivate(set) var count: UInt8 = 0

    init(of name: UnsafeRawBufferPointer) {
        var hash = Self.seed
        for byte in name {
            if byte == UInt8(ascii: ":"), count < Self.deepest { append(Self.place(hash, of: .group)) }
            hash = Self.mix(hash, byte)
        }
        append(Self.place(hash, of: .name))
    }

    private mutating func append(_ place: Int) {
        places[Int(count)] = UInt16(place)
        count += 1
    }

    enum Kind: UInt8 { case name, group }

    /// The counter of a name, or of the group of all that begins with these words.
    static func place(of text: some Collection<UInt8>, as kind: Kind) -> Int {
        place(text.reduce(seed, mix), of: kind)
    }

    private static func place(_ hash: UInt64, of kind: Kind) -> Int {
        let hash = mix(hash, kind.rawValue)
        return 1 + Int((hash ^ hash >> 32) % UInt64(Generations.count - 1))
    }

    private static let seed: UInt64 = 0xcbf2_9ce4_8422_2325

    /// FNV-1a.
    @inline(__always)
    private static func mix(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
}
