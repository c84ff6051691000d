import JSON
import Postgres
import Values

/// What a page or template said at a time.
struct ContentVersion: Row {
    let number: Int
    let title: String
    let content: String
    let variables: JSONText?
    let authorID: UUID
    let authorName: String
    let at: Instant

    init(_ row: inout RowReader) throws {
        number = try row.next()
        title = try row.next()
        content = try row.next()
        variables = try row.next()
        authorID = try row.next()
        authorName = try row.next()
        at = try row.next()
    }
}

extension ContentVersion: WireOutput {
    static let shape = Shape<ContentVersion>(
        output: "ContentVersion",
        Field("version", { $0.number }), Field("title", { $0.title }), Field("content", { $0.content }),
        Field("variables", { $0.variables }, doc: "Of a template"), Field("changedById", { $0.authorID }),
        Field("changedByName", { $0.authorName }), Field("at", { $0.at }))
}

/// A version about to be written.
struct NewVersion: Sendable {
    let type: String
    let object: UUID
    let number: Int
    let title: String
    let content: String
    let variables: JSONText?
    let author: UUID
}
