extension SQL {
    /// Collects the stretches and binds of one statement.
    package struct StringInterpolation: StringInterpolationProtocol {
        package typealias StringLiteralType = StaticString

        let draft: StatementDraft

        package init(literalCapacity: Int, interpolationCount: Int) {
            draft = StatementDraft(binds: interpolationCount)
        }

        package func appendLiteral(_ literal: StaticString) {
            draft.appendLiteral(literal)
        }

        /// A value, sent apart from the text as `$n`.
        package func appendInterpolation<T: PostgresBindable>(_ value: T) {
            draft.beginBind(T.self)
            value.bind(to: draft)
            draft.endBind()
        }

        /// A value or null.
        package func appendInterpolation<T: PostgresBindable>(_ value: T?) {
            draft.beginBind(T.self)
            if let value { value.bind(to: draft) } else { draft.setNull() }
            draft.endBind()
        }

        /// An enumeration kept as text.
        package func appendInterpolation<E: RawRepresentable & CaseIterable>(_ value: E) where E.RawValue == String {
            appendInterpolation(value.rawValue)
        }

        /// An enumeration kept as text, or null.
        package func appendInterpolation<E: RawRepresentable & CaseIterable>(_ value: E?) where E.RawValue == String {
            appendInterpolation(value?.rawValue)
        }

        /// Several cases of an enumeration, as `text[]`.
        package func appendInterpolation<E: RawRepresentable & CaseIterable>(_ values: [E]) where E.RawValue == String {
            appendInterpolation(values.map(\.rawValue))
        }

        /// One value of each item, as an array: `unnest(\(each: questions, \.id)::uuid[])`. Needs the cast, because an
        /// element may be null, or an array itself (sent as the text that `text[]` holds, and cast where it is used).
        package func appendInterpolation<Item, T: PostgresBindable>(each items: [Item], _ value: (Item) -> T) {
            draft.beginBind(EachValue<T>.self)
            draft.appendByte(UInt8(ascii: "{"))
            // By position in plain memory: this runs for each item and column, unspecialised, and an iterator would look
            // up its types and copy the item every time.
            items.withUnsafeBufferPointer { items in
                for position in 0..<items.count {
                    if position > 0 { draft.appendByte(UInt8(ascii: ",")) }
                    draft.appendElement(value(items[position]))
                }
            }
            draft.appendByte(UInt8(ascii: "}"))
            draft.endBind()
        }

        /// Another piece of SQL with its own binds, numbered on.
        package func appendInterpolation(_ fragment: SQL) {
            draft.append(fragment.draft)
        }

        /// Text as it stands. A `StaticString`: known when the program was compiled.
        package func appendInterpolation(raw text: StaticString) {
            draft.appendLiteral(text)
        }

        /// A name of a table, column or savepoint, quoted. For names known to the program or read from the catalogue,
        /// never for input: each different name is kept for the life of the process.
        package func appendInterpolation(identifier name: String) {
            draft.append(InternedIdentifiers.token(for: name))
        }
    }
}
