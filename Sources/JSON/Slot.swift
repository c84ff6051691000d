/// A field of a shape that is read: its value lives at `offset` of a raw buffer until the object is made. Subclasses know
/// the value's type.
class Slot: @unchecked Sendable {
    let name: String
    let offset: Int

    init(name: String, offset: Int) {
        self.name = name
        self.offset = offset
    }

    /// Reads, normalises and checks the value and initialises its place; throws before it has initialised anything.
    func fill(_ place: UnsafeMutableRawPointer, from reader: inout JSONReader) throws {
        preconditionFailure("a slot has a type")
    }

    /// The same from a query parameter.
    func fill(_ place: UnsafeMutableRawPointer, parameter: Substring) throws {
        preconditionFailure("a slot has a type")
    }

    /// Initialises the place of a member that was left out; false when it must not be left out.
    func leaveOut(_ place: UnsafeMutableRawPointer) -> Bool {
        preconditionFailure("a slot has a type")
    }

    /// Destroys the value.
    func drop(_ place: UnsafeMutableRawPointer) {
        preconditionFailure("a slot has a type")
    }
}
