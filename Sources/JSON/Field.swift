import Values

/// One member of a shape: its name, where it is found in the Swift type, and the rules its input must obey.
///
/// `Field("value", { $0.value }, .range(0...), doc: "Position of the counter")`
package struct Field<Root, Value: JSONWritable & SchemaDescribed>: Sendable {
    let name: String
    let key: EncodedKey
    let rules: [Rule<Value.Checked>]
    let doc: String?
    /// Writes the member, key and all.
    let put: @Sendable (Root, inout JSONWriter) -> Void
    /// Gives the value of a member that was left out; nil when the type decides.
    let fallback: (@Sendable () -> Value)?
    /// The JSON of that value, for the schema.
    let fallbackText: JSONText?

    /// `fallback` is what a member means that was left out of an input.
    package init(
        _ name: String,
        _ get: @escaping @Sendable (Root) -> Value,
        _ rules: Rule<Value.Checked>...,
        default fallback: (@Sendable () -> Value)? = nil,
        doc: String? = nil
    ) {
        let key = EncodedKey(name)
        self.name = name
        self.key = key
        self.rules = rules
        self.doc = doc
        self.fallback = fallback
        fallbackText = fallback.map { JSONText(encoding: $0()) }
        if Value.self is any Omittable.Type {
            put = Self.patching(key, get)
        } else {
            put = { root, writer in
                writer.key(key)
                get(root).write(to: &writer)
            }
        }
    }

    /// A member that is written only when it is present.
    private static func patching(
        _ key: EncodedKey, _ get: @escaping @Sendable (Root) -> Value
    ) -> @Sendable (Root, inout JSONWriter) -> Void {
        { root, writer in
            let value = get(root)
            guard let patch = value as? any Omittable, !patch.isOmitted else { return }
            writer.key(key)
            value.write(to: &writer)
        }
    }

    var schema: Schema { schema(by: rules) }

    func schema(by rules: [Rule<Value.Checked>]) -> Schema {
        var schema = Value.schema
        for rule in rules { rule.describe(&schema) }
        if let doc { schema.doc = doc }
        schema.fallback = fallbackText
        return schema
    }
}
