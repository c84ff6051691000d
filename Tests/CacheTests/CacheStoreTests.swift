import Runtime
import Support
import Testing
import Values

@testable import Cache

/// The store alone, without a database: what is kept, for how long, and what has to go.
@Suite struct CacheStoreTests {
    private let clock = TestClock(stands: true)

    private func store(items: Int = 100, bytes: Int = 1 << 20) -> CacheStore {
        CacheStore(maxItems: items, maxBytes: bytes, clock: clock.clock)
    }

    private func key(_ name: String, _ rest: String = "") -> CacheKey {
        let bytes = Array((name + "\0" + rest).utf8)
        return CacheKey(bytes: bytes, nameCount: name.utf8.count, hash: bytes.withUnsafeBytes { CacheKey.hash($0) })
    }

    private func keep(_ key: CacheKey, _ text: String, in store: CacheStore, seconds: Int64 = 60) {
        store.keep(
            key, .bytes(Array(text.utf8)), key.places, store.generations.sum(of: key.places), for: .seconds(seconds))
    }

    private func text(_ key: CacheKey, in store: CacheStore) -> String? {
        guard let entry = key.bytes.withUnsafeBytes({ store.look($0, hash: key.hash) }) ?? nil,
            case .bytes(let bytes) = entry.value
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func drop(_ pattern: String, in store: CacheStore) { store.drop(CachePattern(pattern, prefix: "t")) }

    @Test func whatIsKeptIsFoundUntilItsTimeIsOver() {
        let store = store()
        keep(key("t:a"), "one", in: store)
        keep(key("t:a", "other"), "two", in: store, seconds: 120)
        #expect(text(key("t:a"), in: store) == "one")
        #expect(text(key("t:a", "other"), in: store) == "two")
        #expect(text(key("t:b"), in: store) == nil)
        clock.advance(by: .seconds(60))
        #expect(text(key("t:a"), in: store) == nil)
        #expect(text(key("t:a", "other"), in: store) == "two")
        #expect(store.figures.items == 1)
    }

    @Test(arguments: [
        ("user:7", ["t:user:7"]), ("t:user:7", ["t:user:7"]), ("USER:7", ["t:user:7"]),
        ("user:7:*", ["t:user:7:list"]),
        ("user:*", ["t:user:7", "t:user:7:list", "t:user:8"]),
        // Whole words: never less than what is named.
        ("us*", ["t:user:7", "t:user:7:list", "t:user:8", "t:users"]),
        ("user:7*", ["t:user:7", "t:user:7:list", "t:user:8"]),
        ("*", ["t:user:7", "t:user:7:list", "t:user:8", "t:users"]),
        ("user", []), ("nothing:*", []),
    ])
    func aPatternDropsWhatItNames(_ pattern: String, _ dropped: [String]) {
        let names = ["t:user:7", "t:user:7:list", "t:user:8", "t:users"]
        let store = store()
        for name in names { keep(key(name), name, in: store) }
        drop(pattern, in: store)
        #expect(names.filter { text(key($0), in: store) == nil } == dropped)
        #expect(store.figures.items == names.count - dropped.count, "what was looked at and did not hold is gone")
    }

    @Test func namesDeeperThanTheCountersAreDroppedByTheUppermost() {
        let store = store()
        let deep = "t:1:2:3:4:5:6:7:8:9:10"
        keep(key(deep), "x", in: store)
        drop("1:2:3:4:5:6:7:8:9:*", in: store)
        #expect(text(key(deep), in: store) == nil)
        keep(key(deep), "x", in: store)
        drop("1:2:3:4:5:6:7:8:9:10", in: store)
        #expect(text(key(deep), in: store) == nil)
    }

    @Test func whatWasReadBeforeADropIsNotKeptAfterIt() {
        let store = store()
        let key = key("t:a")
        for pattern in ["a", "*"] {
            let before = store.generations.sum(of: key.places)
            drop(pattern, in: store)
            store.keep(key, .bytes([1]), key.places, before, for: .seconds(60))
            #expect(store.figures.items == 0)
        }
        // Also when the drop comes between the comparison and the keeping: it is seen when the value is looked at.
        let before = store.generations.sum(of: key.places)
        drop("a", in: store)
        store.shard(key.hash).change {
            $0.keep(CacheEntry(key: key, value: .bytes([1]), places: key.places, generation: before, expires: .max))
        }
        #expect(store.figures.items == 1 && text(key, in: store) == nil)
    }

    @Test func whatWasNotAskedForTheLongestGoesFirst() {
        let store = store(items: 3)
        for name in ["a", "b", "c"] { keep(key("t:\(name)"), name, in: store) }
        #expect(text(key("t:a"), in: store) == "a")
        keep(key("t:d"), "d", in: store)
        let left = ["a", "b", "c", "d"].filter { text(key("t:\($0)"), in: store) != nil }
        #expect(left == ["a", "c", "d"])
        #expect(store.figures.items == 3 && store.figures.evictions == 1)
    }

    @Test func memoryIsBounded() {
        let store = store(items: 1000, bytes: 10_000)
        let thousand = String(repeating: "x", count: 1000)
        for number in 0..<100 {
            keep(key("t:\(number)"), thousand, in: store)
            #expect(store.figures.bytes <= 10_000)
        }
        #expect((7...8).contains(store.figures.items), "\(store.figures)")
        #expect(text(key("t:99"), in: store) == thousand)
        // What is larger than all there is room for is not kept, and nothing goes for it.
        keep(key("t:big"), String(repeating: "x", count: 20_000), in: store)
        #expect(text(key("t:big"), in: store) == nil && text(key("t:99"), in: store) == thousand)
        keep(key("t:99"), "y", in: store)
        #expect(text(key("t:99"), in: store) == "y")
    }

    @Test func manyItemsNeverExceedTheBound() {
        let store = store(items: 5000, bytes: 64 << 20)
        for number in 0..<20_000 { keep(key("t:\(number)"), "x", in: store) }
        #expect((3500...5000).contains(store.figures.items), "\(store.figures)")
        #expect(store.figures.evictions == 20_000 - store.figures.items)
    }

    @Test func aNumberCountsWithinItsTime() async throws {
        let store = store()
        let key = key("t:n")
        #expect(store.count(key, by: 1, for: .seconds(10)) == 1)
        clock.advance(by: .seconds(9))
        #expect(store.count(key, by: 5, for: .seconds(10)) == 6)
        clock.advance(by: .seconds(1))
        #expect(store.count(key, by: 2, for: .seconds(10)) == 2)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { for _ in 0..<1000 { _ = store.count(key, by: 1, for: .seconds(10)) } } }
        }
        #expect(store.count(key, by: 0, for: .seconds(10)) == 8002)
        drop("n", in: store)
        #expect(store.count(key, by: 1, for: .seconds(10)) == 1)
    }

    @Test func theHottestNamesAreThoseAskedForMost() {
        let store = store(items: 10_000)
        for (name, times) in [("t:a", 3), ("t:b", 5), ("t:c", 0)] {
            keep(key(name), "x", in: store)
            for _ in 0..<times { _ = text(key(name), in: store) }
        }
        keep(key("t:a", "2"), "x", in: store)
        for _ in 0..<4 { _ = text(key("t:a", "2"), in: store) }
        let hottest = store.hottest(10)
        #expect(hottest.map(\.name) == ["t:a", "t:b"] && hottest.map(\.hits) == [7, 5])
        #expect(store.hottest(1).count == 1)
    }

    /// Loops that ask, keep and drop at once: what is found is always of the newest drop that had ended before.
    @Test func nothingOldIsFoundWhileOthersKeepAndDrop() async {
        let store = store(items: 64)
        let key = key("t:a")
        let truth = Atomic64()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for value in 1...20_000 {
                    truth.set(value)
                    drop("a", in: store)
                    truth.publish(value)
                }
            }
            for _ in 0..<3 {
                group.addTask {
                    for _ in 0..<20_000 {
                        let least = truth.published
                        let before = store.generations.sum(of: key.places)
                        let read = truth.value
                        if let found = text(key, in: store), let number = Int(found) { #expect(number >= least) }
                        store.keep(key, .bytes(Array("\(read)".utf8)), key.places, before, for: .seconds(60))
                    }
                }
            }
        }
    }
}
