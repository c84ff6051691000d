import JSON
import Runtime
import Synchronization

/// Lines that are not handed over yet. One belongs to each event loop: the first loop to log with its index owns it, and
/// only that loop's thread touches the bytes.
final class LogBuffer: @unchecked Sendable {
    /// Handed over when it holds this much …
    static let size = 16_384
    /// … or when its oldest line is this old.
    static let tick = Duration.milliseconds(100)

    private let owner = Atomic<UInt>(0)
    var writer = JSONWriter(capacity: 512)
    /// A line is under way; what its author logs meanwhile goes elsewhere.
    var isWriting = false
    var isTicking = false

    /// Whether the buffer is the loop's own, which it becomes if it has been nobody's.
    func belongs(to loop: EventLoop) -> Bool {
        let identity = UInt(bitPattern: ObjectIdentifier(loop))
        let current = owner.load(ordering: .relaxed)
        if current == identity { return true }
        return current == 0 && owner.compareExchange(expected: 0, desired: identity, ordering: .relaxed).exchanged
    }

    func take() -> [UInt8] {
        defer { writer.reset(keepingCapacity: 2 * Self.size) }
        return writer.bytes
    }
}
