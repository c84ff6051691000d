import Identity
import Service
import Values

extension People {
    /// The user that a new resident's body names: by id, or by his address, with an account made when there is none.
    func find(_ body: NewResident, by giver: Caller) async throws -> UUID {
        if let id = body.userId { return try await named(id, by: giver) }
        guard let person = body.person, let address = EmailAddress(person.email) else {
            throw InvalidInput(field: "person", code: "required", message: "Name a user or a person.")
        }
        let draft = NewUser(
            email: address, phone: person.phone.flatMap { PhoneNumber($0) }, firstName: person.firstName,
            lastName: person.lastName, source: "condominiums")
        return try await users.findOrCreate(draft, by: giver).user.id.uuid
    }
}
