import Postgres
import Service
import Values

extension Database {
    /// What a page or template said, the newest first.
    func versions(_ type: String, of id: UUID, _ request: CursorRequest) async throws -> Feed<ContentVersion> {
        let last = try request.cursor.map { text in
            guard let number = Int(text) else {
                throw InvalidInput(field: "cursor", code: "invalid", message: "Use a cursor of an earlier answer.")
            }
            return number
        }
        let rows = try await all(PageQueries.versions(type, of: id, before: last, limit: request.limit + 1))
        return Feed(fetched: rows, limit: request.limit) { String($0.number) }
    }
}
