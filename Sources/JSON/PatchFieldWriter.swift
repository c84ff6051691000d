/// A member that is left out when it is absent.
final class PatchFieldWriter<Root, Value: JSONWritable>: FieldWriter<Root>, @unchecked Sendable {
    private let key: EncodedKey
    private let get: @Sendable (Root) -> Value

    init(_ key: EncodedKey, _ get: @escaping @Sendable (Root) -> Value) {
        self.key = key
        self.get = get
    }

    override func put(_ root: Root, into writer: inout JSONWriter) {
        let value = get(root)
        if let patch = value as? any Omittable, patch.isOmitted { return }
        writer.key(key)
        value.write(to: &writer)
    }
}
