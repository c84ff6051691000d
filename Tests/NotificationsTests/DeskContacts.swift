import Notifications
import Postgres
import Values

/// Where the people of the desk are reached, from the rows that they are.
struct DeskContacts: Contacts {
    let database: Database

    func contacts(of users: [UUID]) async throws -> [Contact] {
        try await database.all(
            Statement<DeskContact>(
                """
                select id, first_name, email, phone, locale, time_zone from identity.users where id = any(\(users)::uuid[])
                """)
        ).map(\.contact)
    }
}

private struct DeskContact: Row {
    let contact: Contact

    init(_ row: inout RowReader) throws {
        contact = Contact(
            userID: try row.next(), name: try row.next(), email: try row.next(), phone: try row.next(),
            locale: try row.next(), timeZone: try row.next())
    }
}
