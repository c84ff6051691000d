import Postgres
import Values

/// Who pays, as far as he is known.
package struct Payer: Equatable, Sendable {
    package let id: UUID?
    package let name: String?
    package let email: String?
    package let phone: String?

    package init(id: UUID?, name: String? = nil, email: String? = nil, phone: String? = nil) {
        self.id = id
        self.name = name
        self.email = email
        self.phone = phone
    }
}

extension Payer: Row {
    package init(_ row: inout RowReader) throws {
        self.init(id: try row.next(), name: try row.next(), email: try row.next(), phone: try row.next())
    }
}
