/// Swift tasks that are ready to run on a loop, first in first out. Grows and never shrinks: its size is bounded by
/// the number of live tasks, which the server bounds by its requests in flight.
struct JobRing: ~Copyable {
    private var slots: UnsafeMutablePointer<UnownedJob>
    private var capacity = 256
    private var head = 0
    private(set) var count = 0

    init() { slots = .allocate(capacity: capacity) }
    deinit { slots.deallocate() }

    mutating func push(_ job: UnownedJob) {
        if count == capacity { grow() }
        (slots + ((head + count) & (capacity - 1))).initialize(to: job)
        count += 1
    }

    mutating func pop() -> UnownedJob? {
        if count == 0 { return nil }
        let job = (slots + head).move()
        head = (head + 1) & (capacity - 1)
        count -= 1
        return job
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<UnownedJob>.allocate(capacity: capacity * 2)
        for i in 0..<count { (larger + i).initialize(to: (slots + ((head + i) & (capacity - 1))).move()) }
        slots.deallocate()
        slots = larger
        capacity *= 2
        head = 0
    }
}
