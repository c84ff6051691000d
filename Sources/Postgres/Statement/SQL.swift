/// The text of a statement and the values bound to it.
///
/// Written as a string literal with interpolations: `"select name from condo.units where id = \(id)"`. Every literal
/// stretch is a `StaticString`, so no text computed at run time can enter a statement; every interpolated value
/// becomes a bind (`$1`, `$2` …). The addresses of the stretches are the statement's identity: its text is put together
/// once, and prepared once on each connection, however often the statement is made.
package struct SQL: ExpressibleByStringInterpolation, Sendable {
    package typealias StringLiteralType = StaticString

    let draft: StatementDraft

    package init(stringLiteral value: StaticString) {
        draft = StatementDraft(binds: 0)
        draft.appendLiteral(value)
    }

    package init(stringInterpolation: StringInterpolation) {
        draft = stringInterpolation.draft
    }

    /// Nothing: for an optional part of a statement that is left out.
    package static var empty: SQL { "" }
}

extension SQL: CustomStringConvertible {
    /// The text with its placeholders; never a value, so that it may be logged.
    package var description: String { draft.text }
}
