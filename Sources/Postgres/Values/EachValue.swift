/// An array with one element for each of several items, for the statement test: what its type may turn out to be.
enum EachValue<Element: PostgresBindable>: PostgresBindable {
    static var bindType: UInt32 { 0 }

    /// An array as an element is sent as text, as arrays of PostgreSQL are not ragged.
    static var columnTypes: [PostgresType] {
        Element.columnTypes.map { $0.name.hasSuffix("[]") ? .textArray : PostgresType(oid: 0, name: $0.name + "[]") }
    }

    func bind(to draft: StatementDraft) {}
}
