import Values

/// The slot of a field of type `Value`.
final class TypedSlot<Value: WireValue>: Slot, @unchecked Sendable {
    private let rules: [Rule<Value.Checked>.Check]
    private let hasRules: Bool
    private let fallback: (@Sendable () -> Value)?
    /// What an absent member is, where it may be absent: made once and copied, since this code is not specialised, and every use
    /// of an optional of an optional would look up its type. Shapes live as long as the process.
    private let missing: UnsafePointer<Value>?

    init<Root>(_ field: Field<Root, Value>, offset: Int) {
        rules = Value.completed(field.rules).map(\.apply)
        hasRules = !rules.isEmpty
        fallback = field.fallback
        missing = Value.missing.map { value in
            let place = UnsafeMutablePointer<Value>.allocate(capacity: 1)
            place.initialize(to: value)
            return UnsafePointer(place)
        }
        super.init(name: field.name, offset: offset)
    }

    override func fill(_ place: UnsafeMutableRawPointer, from reader: inout JSONReader) throws {
        place.initializeMemory(as: Value.self, to: try Value(from: &reader))
        if hasRules { try check(place) }
    }

    override func fill(_ place: UnsafeMutableRawPointer, parameter: Substring) throws {
        place.initializeMemory(as: Value.self, to: try Value(parameter: parameter))
        if hasRules { try check(place) }
    }

    /// Applies the rules in place; a value that breaks one is destroyed again.
    private func check(_ place: UnsafeMutableRawPointer) throws {
        let value = place.assumingMemoryBound(to: Value.self)
        var errors: [FieldError] = []
        Value.check(&value.pointee, by: rules, into: &errors)
        guard errors.isEmpty else {
            value.deinitialize(count: 1)
            throw InvalidInput(errors)
        }
    }

    override func leaveOut(_ place: UnsafeMutableRawPointer) -> Bool {
        if let fallback {
            place.initializeMemory(as: Value.self, to: fallback())
            return true
        }
        guard let missing else { return false }
        // One value, and not so many bytes as an array of one has: the next slot may stand in what is left of its last word.
        place.initializeMemory(as: Value.self, to: missing.pointee)
        return true
    }

    override func drop(_ place: UnsafeMutableRawPointer) {
        place.assumingMemoryBound(to: Value.self).deinitialize(count: 1)
    }
}
