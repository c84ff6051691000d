/// A value that may stand in a statement: `\(value)`.
package protocol PostgresBindable: Sendable {
    /// The type the bind is declared as; 0 leaves it to PostgreSQL to infer from where the bind stands. Declared where
    /// only one type is possible, so that `\(id) is null` needs no cast; inferred where there are several (`Int`
    /// into smallint, integer or bigint; `String` into text, citext or jsonb), so that indexes and operators of the
    /// column's own type are used.
    static var bindType: UInt32 { get }
    /// What the bind may turn out to be, for the statement test.
    static var columnTypes: [PostgresType] { get }
    /// Its text form is never empty, NULL, or with a quote, a backslash, a brace, a comma or a blank in it, so that it stands in
    /// an array as it is.
    static var isPlain: Bool { get }
    /// Appends the value in PostgreSQL's text form, or calls `setNull`, or `setBinary` and appends its binary form.
    func bind(to draft: StatementDraft)
}

extension PostgresBindable {
    package static var isPlain: Bool { false }
}

/// A value that is read from a column of a result.
package protocol PostgresDecodable: Sendable {
    /// The column types it is read from.
    static var columnTypes: [PostgresType] { get }
    /// Any value of the type: stands for a real one while the statement test finds out what a row asks for.
    static var specimen: Self { get }
    /// Reads PostgreSQL's text form; nil when it is something else.
    init?(cell: Cell)
}

/// Both directions.
package typealias PostgresCodable = PostgresBindable & PostgresDecodable

extension Optional: PostgresBindable where Wrapped: PostgresBindable {
    package static var bindType: UInt32 { Wrapped.bindType }
    package static var columnTypes: [PostgresType] { Wrapped.columnTypes }
    package static var isPlain: Bool { Wrapped.isPlain }

    package func bind(to draft: StatementDraft) {
        if let self { self.bind(to: draft) } else { draft.setNull() }
    }
}
