import Values

/// The one declaration of an object on the wire. From its fields come encoder, decoder, checks and schema.
///
/// `static let shape = Shape<Self>("Reading", Self.init, Field("id", { $0.id }), Field("value", { $0.value }, .range(0...)))`
///
/// Spell `Shape<Self>`: without it the compiler has to infer the type of every getter at once, and forty fields take
/// seconds instead of a tenth of one.
package final class Shape<Root: Sendable>: Sendable {
    /// Unique among all shapes: the name of the schema.
    package let name: String
    package let doc: String?
    let writers: FieldWriters<Root>
    /// Empty when the shape is written only.
    let table: SlotTable
    /// The raw buffer in which members are gathered.
    let bufferSize: Int
    let bufferAlignment: Int
    let make: (@Sendable (UnsafeMutableRawPointer) throws -> Root)?
    let check: (@Sendable (Root) -> [FieldError])?
    private let properties: @Sendable () -> [Schema.Property]
    /// Members and parameters that no field names mean nothing, instead of being mistakes: for a contract that says so.
    let ignoresUnknown: Bool
    /// Members that an example has though they may be left out.
    private let shown: Set<String>

    /// A shape that is read and written. `make` takes the members in the order of the fields, most often `Self.init`;
    /// `check` sees the whole object once its members are in order; `example` names the members that may each be left out
    /// but not all at once, as they stand in an example.
    package init<each Value: WireValue>(
        _ name: String,
        _ make: @escaping @Sendable (repeat each Value) throws -> Root,
        _ fields: repeat Field<Root, each Value>,
        doc: String? = nil,
        example shown: Set<String> = [],
        ignoresUnknown: Bool = false,
        check: (@Sendable (Root) -> [FieldError])? = nil
    ) {
        self.ignoresUnknown = ignoresUnknown
        self.name = name
        self.doc = doc
        self.check = check
        var writers: [FieldWriter<Root>] = []
        var slots: [Slot] = []
        var properties: [@Sendable () -> Schema.Property] = []
        var cursor = SlotCursor()
        for field in repeat each fields {
            writers.append(field.writer)
            slots.append(Self.slot(field, &cursor))
            properties.append(Self.input(field))
        }
        precondition(slots.count <= 64, "\(name): presence is kept in one word")
        precondition(Set(slots.map(\.name)).count == slots.count, "\(name): two fields of one name")
        precondition(shown.isSubset(of: slots.map(\.name)), "\(name): an example of what is no field")
        self.shown = shown
        self.writers = FieldWriters(writers)
        table = SlotTable(slots)
        bufferSize = max(cursor.end, 1)
        bufferAlignment = cursor.alignment
        self.properties = { [properties] in properties.map { $0() } }
        self.make = { place in
            var cursor = SlotCursor(place)
            return try make(repeat cursor.take((each Value).self))
        }
    }

    /// A shape that is only written: an answer that no one sends back.
    package init<each Value: JSONWritable & SchemaDescribed>(
        output name: String,
        _ fields: repeat Field<Root, each Value>,
        doc: String? = nil
    ) {
        ignoresUnknown = false
        self.name = name
        self.doc = doc
        var writers: [FieldWriter<Root>] = []
        var properties: [@Sendable () -> Schema.Property] = []
        for field in repeat each fields {
            writers.append(field.writer)
            properties.append(Self.output(field))
        }
        self.writers = FieldWriters(writers)
        self.properties = { [properties] in properties.map { $0() } }
        table = SlotTable([])
        shown = []
        bufferSize = 1
        bufferAlignment = 1
        make = nil
        check = nil
    }

    /// The object's schema in full.
    package var schema: Schema {
        var schema = Schema.object(
            properties().map { property in
                var property = property
                property.isShown = shown.contains(property.name)
                return property
            })
        schema.doc = doc
        return schema
    }

    /// The object's schema as others refer to it.
    package var reference: Schema {
        .named(name) { self.schema }
    }

    private static func slot<Value: WireValue>(_ field: Field<Root, Value>, _ cursor: inout SlotCursor) -> Slot {
        TypedSlot(field, offset: cursor.place(Value.self))
    }

    /// What is read may be left out where the type or the field says what that means.
    private static func input<Value: WireValue>(_ field: Field<Root, Value>) -> @Sendable () -> Schema.Property {
        let isRequired = field.fallback == nil && Value.missing == nil
        return {
            let schema = field.schema(by: Value.completed(field.rules))
            return Schema.Property(name: field.name, schema: schema, isRequired: isRequired)
        }
    }

    /// What is only written is always there, unless it is a patch or not for everybody.
    private static func output<Value: JSONWritable & SchemaDescribed>(
        _ field: Field<Root, Value>
    ) -> @Sendable () -> Schema.Property {
        let isRequired = !field.isPartial
        return { Schema.Property(name: field.name, schema: field.schema(by: field.rules), isRequired: isRequired) }
    }
}
