/// Writes one member of an object, key and all. Subclasses know the member's type.
class FieldWriter<Root>: @unchecked Sendable {
    func put(_ root: Root, into writer: inout JSONWriter) {
        preconditionFailure("a field has a type")
    }
}
