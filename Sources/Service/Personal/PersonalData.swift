import JSON
import Postgres
import Values

/// What one module keeps of people: how it is shown to them, how it is erased, and what stands against that. Every module that
/// keeps any registers it; nobody else knows its tables.
package struct PersonalData: Sendable {
    package typealias Export = nonisolated(nonsending) @Sendable (_ user: UUID) async throws -> JSONText
    package typealias Erase = nonisolated(nonsending) @Sendable (_ user: UUID) async throws -> Void
    package typealias Vetoes = nonisolated(nonsending) @Sendable (_ user: UUID) async throws -> [String]

    /// The member of the file that people get, and for good: erasing goes on under it until it has been done.
    package let name: String
    /// Everything of one person, without secrets and without what is others' (words of staff among themselves).
    package let export: Export
    /// Takes away, or makes nobody's, what no law wants kept. Repeatable.
    package let erase: Erase
    /// Why the person cannot leave yet: codes such as `payment_open`.
    package let vetoes: Vetoes

    package init(
        _ name: String, export: @escaping Export, erase: @escaping Erase = { _ in }, vetoes: @escaping Vetoes = { _ in [] }
    ) {
        self.name = name
        self.export = export
        self.erase = erase
        self.vetoes = vetoes
    }

    /// The same, of statements alone.
    ///
    /// - Parameter erase: in one transaction.
    package init(
        _ name: String, in database: Database, export: @escaping @Sendable (UUID) -> Statement<JSONText>,
        erase: (@Sendable (UUID) -> [Command])? = nil, vetoes: (@Sendable (UUID) -> Statement<String>)? = nil
    ) {
        self.init(name) { user in
            try await database.one(export(user))
        } erase: { user in
            if let erase { try await database.write(erase(user)) }
        } vetoes: { user in
            guard let vetoes else { return [] }
            return try await database.all(vetoes(user))
        }
    }
}
