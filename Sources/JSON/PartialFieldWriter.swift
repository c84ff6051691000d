/// A member that is left out where it is not for whoever reads.
final class PartialFieldWriter<Root, Value: JSONWritable>: FieldWriter<Root>, @unchecked Sendable {
    private let key: EncodedKey
    private let get: @Sendable (Root) -> Value
    private let isThere: @Sendable (Root) -> Bool

    init(_ key: EncodedKey, _ get: @escaping @Sendable (Root) -> Value, when isThere: @escaping @Sendable (Root) -> Bool) {
        self.key = key
        self.get = get
        self.isThere = isThere
    }

    override func put(_ root: Root, into writer: inout JSONWriter) {
        guard isThere(root) else { return }
        writer.key(key)
        get(root).write(to: &writer)
    }
}
