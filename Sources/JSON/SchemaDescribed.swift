/// A type that can say what its JSON looks like.
package protocol SchemaDescribed: SendableMetatype {
    /// What rules speak about: the type itself, or what is inside an optional or a patch.
    associatedtype Checked = Self

    static var schema: Schema { get }
}
