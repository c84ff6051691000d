import Notifications
import Postgres
import Values

/// Where Identity's users are reached, for Notifications.
package struct UserContacts: Contacts {
    private let database: Database

    package init(_ database: Database) { self.database = database }

    package func contacts(of users: [UUID]) async throws -> [Contact] {
        try await database.all(UserQueries.contacts(of: users)).map(\.contact)
    }
}

/// A contact as a row.
struct ContactRow: Row {
    let contact: Contact

    init(_ row: inout RowReader) throws {
        contact = Contact(
            userID: try row.next(), name: try row.next(), email: try row.next(), phone: try row.next(),
            locale: try row.next(), timeZone: try row.next())
    }
}

extension UserQueries {
    /// users_pkey; a number that is not confirmed is nobody's.
    static func contacts(of users: [UUID]) -> Statement<ContactRow> {
        Statement(
            """
            select u.id, u.first_name, u.email, case when u.phone_verified_at is not null then u.phone end, u.locale,
                u.time_zone
            from identity.users u
            where u.id = any(\(users)::uuid[]) and u.deleted_at is null and u.status in ('pending', 'active', 'suspended')
            """)
    }
}
