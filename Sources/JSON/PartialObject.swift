import Values

/// An object while its members come in: the raw buffer of a shape's slots and which of them hold a value.
struct PartialObject<Root: Sendable> {
    private let shape: Shape<Root>
    private let entries: UnsafeBufferPointer<SlotTable.Entry>
    private let base: UnsafeMutableRawPointer
    private var filled: UInt64 = 0
    private var refused: UInt64 = 0
    /// Whether there was a mistake that belongs to no field.
    var isRefused = false

    init(_ shape: Shape<Root>, _ base: UnsafeMutableRawPointer) {
        self.shape = shape
        entries = shape.table.entries
        self.base = base
    }

    @inline(__always)
    mutating func fill(_ index: Int, _ reader: inout JSONReader) throws {
        try claim(index)
        let entry = entries[index]
        try entry.slot._withUnsafeGuaranteedRef { try $0.fill(base + entry.offset, from: &reader) }
        filled |= 1 &<< UInt64(index)
    }

    mutating func fill(_ index: Int, parameter: Substring) throws {
        try claim(index)
        let entry = entries[index]
        try entry.slot._withUnsafeGuaranteedRef { try $0.fill(base + entry.offset, parameter: parameter) }
        filled |= 1 &<< UInt64(index)
    }

    /// A member comes once.
    @inline(__always)
    private func claim(_ index: Int) throws {
        guard (filled | refused) & 1 &<< UInt64(index) == 0 else { throw Refusal.duplicateField }
    }

    mutating func refuse(_ index: Int) {
        refused |= 1 &<< UInt64(index)
    }

    /// Gives the members that did not come their values; `report` hears of those that had to come.
    mutating func leaveOutRest(_ report: (String) -> Void) {
        let all: UInt64 = entries.count == 64 ? .max : 1 &<< UInt64(entries.count) &- 1
        var rest = all & ~(filled | refused)
        while rest != 0 {
            let index = rest.trailingZeroBitCount
            rest &= rest &- 1
            let slot = shape.table.slots[index]
            if slot.leaveOut(base + slot.offset) {
                filled |= 1 &<< UInt64(index)
            } else {
                isRefused = true
                report(slot.name)
            }
        }
    }

    /// Makes the object; its members are no longer in the buffer afterwards, whether that succeeds or not.
    mutating func finish() throws -> Root {
        guard refused == 0, !isRefused else { throw Refused() }
        guard let make = shape.make else { preconditionFailure("\(shape.name) is written only") }
        filled = 0
        let root = try make(base)
        if let errors = shape.check?(root), !errors.isEmpty { throw InvalidInput(errors) }
        return root
    }

    /// Destroys what the buffer holds.
    mutating func drop() {
        while filled != 0 {
            let slot = shape.table.slots[filled.trailingZeroBitCount]
            slot.drop(base + slot.offset)
            filled &= filled &- 1
        }
    }
}

extension Refusal {
    static let duplicateField = Refusal(code: "duplicate_field", message: "occurs more than once")
}

extension FieldError {
    static func required(_ name: String) -> FieldError {
        FieldError(field: name, code: "required", message: "is required")
    }

    static func unknownField(_ name: String) -> FieldError {
        FieldError(field: name, code: "unknown_field", message: "is not known here")
    }
}
