/// Writes one member of an object, key and all. Subclasses know the member's type.
class FieldWriter<Root>: @unchecked Sendable {
    func put(_ root: Root, into writer: inout JSONWriter) {
        preconditionFailure("a field has a type")
    }
}

/// The writers of an object in their order, reached as bare memory: an array of a generic class costs a look-up of
/// metadata and a retain at each access, for each member of each answer.
final class FieldWriters<Root>: @unchecked Sendable {
    private let kept: [FieldWriter<Root>]
    private let first: UnsafeMutablePointer<Unmanaged<FieldWriter<Root>>>
    private let count: Int

    init(_ writers: [FieldWriter<Root>]) {
        kept = writers
        count = writers.count
        first = .allocate(capacity: max(1, count))
        for (index, writer) in writers.enumerated() { (first + index).initialize(to: .passUnretained(writer)) }
    }

    deinit { first.deallocate() }

    func put(_ root: Root, into writer: inout JSONWriter) {
        for index in 0..<count { first[index]._withUnsafeGuaranteedRef { $0.put(root, into: &writer) } }
    }
}
