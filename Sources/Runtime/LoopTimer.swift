/// A function to be called on a loop at an instant, once or again and again.
///
/// Confined to its loop's thread.
package final class LoopTimer {
    var deadline: UInt64
    let interval: UInt64
    /// Let go by `cancel`, with all it holds, though the timer itself stays in the heap until it surfaces.
    fileprivate(set) var action: (() -> Void)?
    package fileprivate(set) var isCancelled = false

    init(deadline: UInt64, interval: UInt64, action: @escaping () -> Void) {
        self.deadline = deadline
        self.interval = interval
        self.action = action
    }

    /// The action is not called any more. May be called from the action itself, and more than once.
    package func cancel() {
        isCancelled = true
        action = nil
    }
}

/// A binary heap of timers, earliest first. Cancelled ones are dropped when they surface, or all together when they
/// are the larger part, so that many short waits that end early cost no memory.
struct TimerHeap {
    private var heap: [LoopTimer] = []

    var earliest: UInt64? { heap.first?.deadline }
    var count: Int { heap.count }

    mutating func insert(_ timer: LoopTimer) {
        if heap.count >= 1024, heap.count & (heap.count - 1) == 0 { dropCancelled() }
        heap.append(timer)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            if heap[parent].deadline <= heap[child].deadline { break }
            heap.swapAt(parent, child)
            child = parent
        }
    }

    /// Takes the earliest timer whose deadline is not after `now`.
    mutating func popDue(_ now: UInt64) -> LoopTimer? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        siftDown(from: 0)
        return first
    }

    private mutating func siftDown(from start: Int) {
        var parent = start
        while true {
            var child = 2 * parent + 1
            if child >= heap.count { return }
            if child + 1 < heap.count, heap[child + 1].deadline < heap[child].deadline { child += 1 }
            if heap[parent].deadline <= heap[child].deadline { return }
            heap.swapAt(parent, child)
            parent = child
        }
    }

    private mutating func dropCancelled() {
        heap.removeAll { $0.isCancelled }
        for index in stride(from: heap.count / 2, through: 0, by: -1) where index < heap.count { siftDown(from: index) }
    }
}
