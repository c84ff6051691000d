/// Writes one member of an object, key and all. Subclasses know the member's type.
class FieldWriter<Root>: @unchecked Sendable {
    func put(_ root: Root, into writer: inout JSONWriter) {
        preconditionFailure("a field has a type")
    }
}

/// The writers of an object, one behind the other: unlike an array's elements they are reached without looking up
/// metadata, which generic code does at each access.
final class FieldWriters<Root>: @unchecked Sendable {
    let writer: FieldWriter<Root>
    let next: FieldWriters<Root>?

    private init(_ writer: FieldWriter<Root>, before next: FieldWriters<Root>?) {
        self.writer = writer
        self.next = next
    }

    /// Nil for an object without members.
    static func chain(_ writers: [FieldWriter<Root>]) -> FieldWriters<Root>? {
        writers.reversed().reduce(nil) { FieldWriters($1, before: $0) }
    }
}
