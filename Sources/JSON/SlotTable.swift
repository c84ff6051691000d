/// The slots of a shape in memory that costs no reference counting to walk. Lives as long as its shape.
final class SlotTable: @unchecked Sendable {
    /// What reading needs of a slot before it knows that this is the one.
    struct Entry {
        let key: EncodedKey
        let offset: Int
        let slot: Unmanaged<Slot>
    }

    let slots: [Slot]
    let entries: UnsafeBufferPointer<Entry>

    init(_ slots: [Slot]) {
        self.slots = slots
        let memory = UnsafeMutableBufferPointer<Entry>.allocate(capacity: slots.count)
        for (index, slot) in slots.enumerated() {
            memory.initializeElement(
                at: index,
                to: Entry(key: EncodedKey(slot.name), offset: slot.offset, slot: .passUnretained(slot)))
        }
        entries = UnsafeBufferPointer(memory)
    }

    deinit { entries.deallocate() }
}
