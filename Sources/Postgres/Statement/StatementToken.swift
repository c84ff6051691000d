/// A stretch of literal text, or the place of a bind with the type it is declared as.
struct StatementToken: Equatable {
    /// nil for a bind.
    let start: UnsafePointer<UInt8>?
    /// The length of the text, or the type of the bind (0: PostgreSQL infers it).
    let number: UInt32

    init(text: UnsafePointer<UInt8>, count: Int) {
        start = text
        number = UInt32(truncatingIfNeeded: count)
    }

    init(bindType: UInt32) {
        start = nil
        number = bindType
    }

    var mixed: UInt64 { UInt64(UInt(bitPattern: start)) &+ UInt64(number) &* 0x9E37_79B9 }
}
