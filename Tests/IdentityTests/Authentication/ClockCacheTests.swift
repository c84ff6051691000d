import Testing

@testable import Identity

@Suite struct ClockCacheTests {
    private final class Box {
        let number: Int
        init(_ number: Int) { self.number = number }
    }

    @Test func `what was asked for stays, what was not makes room`() {
        var cache = ClockCache<Box>(capacity: 3)
        for number in 1...3 { #expect(cache.insert(Box(number), hash: number) == nil) }
        // A full round clears the marks; from then on only what is asked for again is protected.
        let first = cache.insert(Box(4), hash: 4)
        #expect(first != nil)
        let kept = (1...3).filter { $0 != first!.number }
        _ = cache.find(kept[0]) { $0.number == kept[0] }
        let second = cache.insert(Box(5), hash: 5)
        #expect(second!.number == kept[1])
        #expect(cache.count == 3)
        #expect(cache.find(kept[0]) { _ in true }?.number == kept[0])
    }

    @Test func `a value under an equal hash is not mistaken`() {
        var cache = ClockCache<Box>(capacity: 3)
        _ = cache.insert(Box(1), hash: 7)
        #expect(cache.find(7) { $0.number == 2 } == nil)
        #expect(cache.insert(Box(2), hash: 7)?.number == 1)
        #expect(cache.count == 1)
    }

    @Test func `removal leaves the rest to be found`() {
        var cache = ClockCache<Box>(capacity: 100)
        for number in 0..<100 { _ = cache.insert(Box(number), hash: number) }
        cache.remove { $0.number.isMultiple(of: 3) }
        #expect(cache.count == 66)
        for number in 0..<100 {
            #expect((cache.find(number) { $0.number == number } == nil) == number.isMultiple(of: 3))
        }
        cache.removeAll()
        #expect(cache.count == 0 && cache.find(1) { _ in true } == nil)
    }
}
