import Values

/// A field of a shape that is read, as closures over its concrete type: the value lives at `offset` of a raw buffer until
/// the object is made.
struct Slot: Sendable {
    let name: String
    let key: EncodedKey
    let offset: Int
    /// Reads, normalises and checks the value and initialises the slot; throws before it has initialised anything.
    let fill: @Sendable (inout JSONReader, UnsafeMutableRawPointer) throws -> Void
    /// The same from a query parameter.
    let fillParameter: @Sendable (Substring, UnsafeMutableRawPointer) throws -> Void
    /// Initialises the slot of a member that was left out; false when it must not be left out.
    let leaveOut: @Sendable (UnsafeMutableRawPointer) -> Bool
    let drop: @Sendable (UnsafeMutableRawPointer) -> Void

    init<Root, Value: WireValue>(_ field: Field<Root, Value>, offset: Int) {
        name = field.name
        key = field.key
        self.offset = offset
        let rules = Value.completed(field.rules)
        if rules.isEmpty {
            fill = { reader, place in
                let value = try Value(from: &reader)
                place.initializeMemory(as: Value.self, to: value)
            }
        } else {
            fill = { reader, place in
                let value = try Self.checked(Value(from: &reader), rules)
                place.initializeMemory(as: Value.self, to: value)
            }
        }
        fillParameter = { text, place in
            let value = try Self.checked(Value(parameter: text), rules)
            place.initializeMemory(as: Value.self, to: value)
        }
        let fallback = field.fallback
        leaveOut = { place in
            guard let value = fallback?() ?? Value.missing else { return false }
            place.initializeMemory(as: Value.self, to: value)
            return true
        }
        drop = { place in
            place.assumingMemoryBound(to: Value.self).deinitialize(count: 1)
        }
    }

    private static func checked<Value: WireValue>(_ value: Value, _ rules: [Rule<Value.Checked>]) throws -> Value {
        var value = value
        var errors: [FieldError] = []
        Value.check(&value, by: rules, into: &errors)
        guard errors.isEmpty else { throw InvalidInput(errors) }
        return value
    }
}

/// Walks the raw buffer in the order of the fields; laying out and taking out follow the same steps.
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
        let offset = (end + own - 1) / own * own
        end = offset + MemoryLayout<Value>.size
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
