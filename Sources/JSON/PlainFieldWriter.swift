/// A member that is always written.
final class PlainFieldWriter<Root, Value: JSONWritable>: FieldWriter<Root>, @unchecked Sendable {
    private let key: EncodedKey
    private let get: @Sendable (Root) -> Value

    init(_ key: EncodedKey, _ get: @escaping @Sendable (Root) -> Value) {
        self.key = key
        self.get = get
    }

    override func put(_ root: Root, into writer: inout JSONWriter) {
        writer.key(key)
        get(root).write(to: &writer)
    }
}
