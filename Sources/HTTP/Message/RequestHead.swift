/// A request head as offsets into the buffer it was received in, with the decisions that framing needs already made.
/// Its slots are allocated once and reused by every request that passes through it.
package struct RequestHead: ~Copyable {
    let slots: UnsafeMutablePointer<FieldSlot>
    let capacity: Int
    package internal(set) var count = 0

    /// Where the next unread line begins; lets a head that arrives in pieces be resumed.
    var position = 0
    var fieldsStart = 0

    package internal(set) var method = Method.get
    var targetStart = 0
    var targetEnd = 0
    var pathStart = 0
    var pathEnd = 0
    /// Behind the "?"; beyond the target's end when there is none.
    var queryStart = 0
    var hostStart = 0
    var hostEnd = 0
    package internal(set) var isHTTP10 = false
    package internal(set) var framing = BodyFraming.none
    package internal(set) var closes = false
    package internal(set) var expectsContinue = false
    package internal(set) var wantsUpgrade = false

    var hostSeen = false
    var authorityInTarget = false
    var transferEncodingSeen = false
    var refusedLater: Refusal?

    package init(capacity: Int = HeadLimits().count) {
        self.capacity = capacity
        slots = .allocate(capacity: capacity)
    }

    deinit { slots.deallocate() }

    /// Ready for the next request.
    mutating func reset() {
        count = 0
        position = 0
        fieldsStart = 0
        method = .get
        isHTTP10 = false
        framing = .none
        closes = false
        expectsContinue = false
        wantsUpgrade = false
        hostSeen = false
        authorityInTarget = false
        transferEncodingSeen = false
        refusedLater = nil
        hostStart = 0
        hostEnd = 0
    }

    /// The first field of that name, which is given in lower case; nil when there is none.
    func field(_ lower: StaticString, in head: UnsafeRawPointer) -> UnsafeRawBufferPointer? {
        let length = lower.utf8CodeUnitCount
        for index in 0..<count where Int(slots[index].nameLength) == length {
            if slots[index].name(in: head).equals(ignoringCase: lower) { return slots[index].value(in: head) }
        }
        return nil
    }

    func target(in head: UnsafeRawPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: head + targetStart, count: targetEnd - targetStart)
    }

    func path(in head: UnsafeRawPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: head + pathStart, count: pathEnd - pathStart)
    }

    /// What follows the question mark; nil without one.
    func query(in head: UnsafeRawPointer) -> UnsafeRawBufferPointer? {
        guard queryStart <= targetEnd else { return nil }
        return UnsafeRawBufferPointer(start: head + queryStart, count: targetEnd - queryStart)
    }

    /// The authority: of an absolute target if there is one, else of the Host field.
    func host(in head: UnsafeRawPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: head + hostStart, count: hostEnd - hostStart)
    }
}
