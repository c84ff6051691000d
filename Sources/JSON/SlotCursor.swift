/// Walks the raw buffer of an object in the order of its fields; laying out and taking out follow the same steps.
struct SlotCursor {
    private(set) var end = 0
    private(set) var alignment = 1
    private let base: UnsafeMutableRawPointer?

    init(_ base: UnsafeMutableRawPointer? = nil) {
        self.base = base
    }

    /// The next value's offset.
    mutating func place<Value>(_ type: Value.Type) -> Int {
        let own = MemoryLayout<Value>.alignment
        let offset = (end &+ own &- 1) & ~(own &- 1)
        end = offset &+ MemoryLayout<Value>.size
        alignment = max(alignment, own)
        return offset
    }

    /// Moves the next value out of the buffer.
    mutating func take<Value>(_ type: Value.Type) -> Value {
        let offset = place(type)
        guard let base else { preconditionFailure("a layout holds no values") }
        return (base + offset).assumingMemoryBound(to: Value.self).move()
    }
}
