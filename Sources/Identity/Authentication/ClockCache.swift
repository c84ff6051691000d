/// A bounded cache that belongs to one loop: found by a 64-bit hash and a comparison, so that a key need not be built to
/// look it up. What was not asked for since the hand last passed makes room first (the clock approximation of LRU).
struct ClockCache<Value: AnyObject> {
    private struct Slot {
        let hash: Int
        let value: Value
        var isRecent: Bool
    }

    private let capacity: Int
    private var slots: [Slot] = []
    private var places: [Int: Int] = [:]
    private var hand = 0

    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    var count: Int { slots.count }
    var values: [Value] { slots.map(\.value) }

    /// The value stored under `hash`, if it is the one meant.
    mutating func find(_ hash: Int, where isMeant: (Value) -> Bool) -> Value? {
        guard let place = places[hash], isMeant(slots[place].value) else { return nil }
        slots[place].isRecent = true
        return slots[place].value
    }

    /// Stores a value; what had to go for it is returned.
    mutating func insert(_ value: Value, hash: Int) -> Value? {
        let slot = Slot(hash: hash, value: value, isRecent: true)
        if let place = places[hash] { return replace(place, by: slot) }
        if slots.count < capacity {
            places[hash] = slots.count
            slots.append(slot)
            return nil
        }
        let place = victim()
        places[slots[place].hash] = nil
        places[hash] = place
        return replace(place, by: slot)
    }

    /// Takes out whatever stands under `hash`.
    mutating func remove(_ hash: Int) -> Value? {
        guard let place = places.removeValue(forKey: hash) else { return nil }
        let value = slots[place].value
        let last = slots.removeLast()
        if place < slots.count {
            slots[place] = last
            places[last.hash] = place
        }
        return value
    }

    mutating func remove(where isMeant: (Value) -> Bool) {
        for slot in slots.filter({ isMeant($0.value) }) { _ = remove(slot.hash) }
    }

    mutating func removeAll() {
        slots.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        hand = 0
    }

    private mutating func replace(_ place: Int, by slot: Slot) -> Value {
        let old = slots[place].value
        slots[place] = slot
        return old
    }

    private mutating func victim() -> Int {
        while true {
            hand = (hand + 1) % slots.count
            if !slots[hand].isRecent { return hand }
            slots[hand].isRecent = false
        }
    }
}
