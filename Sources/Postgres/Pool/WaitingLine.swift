import Runtime

/// Who waits for a connection, in order of arrival; nobody waits longer than the limit. Confined to its loop.
final class WaitingLine {
    private let loop: EventLoop
    private let limit: Int
    private let patience: UInt64
    private let counters: DatabaseCounters
    private var line = Queue<Waiting>()
    private var timer: LoopTimer?
    /// The length that the counters have heard of; several lines share them.
    private var told = 0
    /// What to tell who has waited too long.
    var reason: () -> DatabaseError = { .overloaded("waited too long for a connection") }

    init(loop: EventLoop, limit: Int, patience: Duration, counters: DatabaseCounters) {
        self.loop = loop
        self.limit = limit
        self.patience = patience.nanoseconds
        self.counters = counters
    }

    var isEmpty: Bool { line.isEmpty }
    var count: Int { line.count }
    var first: Waiting? { line.first }

    /// Refuses at once when the line is full.
    func append(_ waiting: Waiting) {
        if line.count >= limit {
            let error = DatabaseError.overloaded("\(limit) requests wait for a connection already")
            counters.note(error)
            waiting.finish(error)
            return
        }
        waiting.deadline = loop.now &+ patience
        waiting.isInLine = true
        line.append(waiting)
    }

    /// Back to the front: it has been in line before, and keeps its deadline.
    func prepend(_ waiting: Waiting) {
        waiting.isInLine = true
        line.prepend(waiting)
    }

    func popFirst() -> Waiting? {
        guard let first = line.popFirst() else { return nil }
        first.isInLine = false
        let arrived = first.deadline &- patience
        if loop.now > arrived {
            counters.waited.bump()
            counters.waitNanoseconds.bump(Int(loop.now - arrived))
        }
        return first
    }

    /// Takes a cancelled task out; false when it does not stand here any more.
    func remove(_ waiting: Waiting) -> Bool {
        guard waiting.isInLine else { return false }
        waiting.isInLine = false
        return !line.remove { $0 === waiting }.isEmpty
    }

    func removeAll() -> [Waiting] {
        let all = line.removeAll()
        for waiting in all { waiting.isInLine = false }
        return all
    }

    /// Called when a round ends with somebody still in line: from now on the time is watched.
    func watch() {
        counters.waiting.bump(line.count - told)
        told = line.count
        guard timer == nil, let first = line.first else { return }
        let left = first.deadline > loop.now ? first.deadline - loop.now : 0
        timer = loop.timer(after: .nanoseconds(Int64(left))) { [weak self] in self?.expire() }
    }

    private func expire() {
        timer = nil
        while let first = line.first, first.deadline <= loop.now {
            _ = popFirst()
            let error = reason()
            counters.note(error)
            first.finish(error)
        }
        watch()
    }
}
