/// Where one field line's name and value lie, as offsets from the first byte of the request head.
package struct FieldSlot: BitwiseCopyable, Sendable {
    var nameStart: UInt16
    var nameLength: UInt16
    var valueStart: UInt16
    var valueLength: UInt16

    @inline(__always)
    func name(in head: UnsafeRawPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: head + Int(nameStart), count: Int(nameLength))
    }

    @inline(__always)
    func value(in head: UnsafeRawPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: head + Int(valueStart), count: Int(valueLength))
    }
}
