import Values

/// One member of a shape: its name, where it is found in the Swift type, and the rules its input must obey.
///
/// `Field("value", { $0.value }, .range(0...), doc: "Position of the counter")`
package struct Field<Root, Value: JSONWritable & SchemaDescribed>: Sendable {
    let name: String
    let rules: [Rule<Value.Checked>]
    let doc: String?
    let writer: FieldWriter<Root>
    /// Gives the value of a member that was left out; nil when the type decides.
    let fallback: (@Sendable () -> Value)?
    /// Whether it may be left out of what is written.
    let isPartial: Bool

    /// `fallback` is what a member means that was left out of an input.
    package init(
        _ name: String,
        _ get: @escaping @Sendable (Root) -> Value,
        _ rules: Rule<Value.Checked>...,
        default fallback: (@Sendable () -> Value)? = nil,
        doc: String? = nil
    ) {
        self.name = name
        self.rules = rules
        self.doc = doc
        self.fallback = fallback
        isPartial = Value.self is any Omittable.Type
        let key = EncodedKey(name)
        writer = isPartial ? PatchFieldWriter(key, get) : PlainFieldWriter(key, get)
    }

    /// A member of an output that is left out unless `isThere`: what a caller may not know is absent, and not null as what
    /// is not known.
    package init(
        _ name: String,
        _ get: @escaping @Sendable (Root) -> Value,
        when isThere: @escaping @Sendable (Root) -> Bool,
        doc: String? = nil
    ) {
        self.name = name
        self.doc = doc
        rules = []
        fallback = nil
        isPartial = true
        writer = PartialFieldWriter(EncodedKey(name), get, when: isThere)
    }

    /// The value's schema with what `rules` add to it.
    func schema(by rules: [Rule<Value.Checked>]) -> Schema {
        var schema = Value.schema
        for rule in rules { rule.describe(&schema) }
        if let doc { schema.doc = doc }
        schema.fallback = fallback.map { JSONText(encoding: $0()) }
        return schema
    }
}
