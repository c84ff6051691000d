/// A first-in, first-out line in a ring that grows by doubling.
struct Queue<Element> {
    private var ring: [Element?] = Array(repeating: nil, count: 16)
    private var head = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    var first: Element? { count == 0 ? nil : ring[head] }

    mutating func append(_ element: Element) {
        if count == ring.count { grow() }
        ring[(head &+ count) & (ring.count &- 1)] = element
        count &+= 1
    }

    /// Puts an element before all others.
    mutating func prepend(_ element: Element) {
        if count == ring.count { grow() }
        head = (head &- 1) & (ring.count &- 1)
        ring[head] = element
        count &+= 1
    }

    mutating func popFirst() -> Element? {
        if count == 0 { return nil }
        let element = ring[head]
        ring[head] = nil
        head = (head &+ 1) & (ring.count &- 1)
        count &-= 1
        return element
    }

    /// Takes out the elements for which `matches` holds, keeping the order of the rest.
    mutating func remove(where matches: (Element) -> Bool) -> [Element] {
        var removed: [Element] = []
        for _ in 0..<count {
            guard let element = popFirst() else { break }
            if matches(element) { removed.append(element) } else { append(element) }
        }
        return removed
    }

    mutating func removeAll() -> [Element] { remove { _ in true } }

    private mutating func grow() {
        var larger: [Element?] = []
        larger.reserveCapacity(ring.count * 2)
        for index in 0..<count { larger.append(ring[(head + index) & (ring.count - 1)]) }
        larger.append(contentsOf: repeatElement(nil, count: ring.count * 2 - count))
        ring = larger
        head = 0
    }
}
