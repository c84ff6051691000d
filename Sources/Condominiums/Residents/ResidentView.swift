import JSON
import Service
import Values

/// A resident as the office sees him. His passport's number is whole for managers on the single read, else its last
/// four characters.
struct ResidentView: WireOutput {
    let resident: Resident
    let passportNumber: String?
    var id: ID<Resident> { resident.id }

    static let shape = Shape<ResidentView>(
        output: "Resident",
        Field("id", { $0.resident.id }),
        Field("createdAt", { $0.resident.createdAt }),
        Field("updatedAt", { $0.resident.updatedAt }),
        Field("userId", { $0.resident.userId }),
        Field("name", { $0.resident.name }),
        Field("email", { $0.resident.email }),
        Field("phone", { $0.resident.phone }),
        Field("condoId", { $0.resident.condoId }),
        Field("unit", { $0.resident.unit }),
        Field("role", { $0.resident.role }),
        Field("isActive", { $0.resident.isActive }),
        Field("moveInDate", { $0.resident.moveInDate }),
        Field("moveOutDate", { $0.resident.moveOutDate }),
        Field("birthDate", { $0.resident.birthDate }),
        Field("passportNumber", { $0.passportNumber }, when: { $0.passportNumber != nil }))
}

/// A resident as those see him who live with him: no contacts, no papers. The office sees more.
struct HouseholdView: WireOutput {
    let id: ID<Resident>
    let user: PersonRef
    let role: ResidentRole
    let isActive: Bool
    let isOffice: Bool
    let email: String?
    let phone: String?
    let moveInDate: Day?
    let moveOutDate: Day?

    init(_ resident: Resident, isOffice: Bool) {
        id = resident.id
        user = PersonRef(id: resident.userId, name: resident.name)
        role = resident.role
        isActive = resident.isActive
        self.isOffice = isOffice
        email = isOffice ? resident.email : nil
        phone = isOffice ? resident.phone : nil
        moveInDate = isOffice ? resident.moveInDate : nil
        moveOutDate = isOffice ? resident.moveOutDate : nil
    }

    static let shape = Shape<HouseholdView>(
        output: "HouseholdMember",
        Field("id", { $0.id }),
        Field("user", { $0.user }),
        Field("role", { $0.role }),
        Field("isActive", { $0.isActive }),
        Field("email", { $0.email }, when: { $0.isOffice }),
        Field("phone", { $0.phone }, when: { $0.isOffice }),
        Field("moveInDate", { $0.moveInDate }, when: { $0.isOffice }),
        Field("moveOutDate", { $0.moveOutDate }, when: { $0.isOffice }))
}

/// A person as others name him.
struct PersonRef: WireOutput {
    let id: UUID
    let name: String

    static let shape = Shape<PersonRef>(output: "PersonRef", Field("id", { $0.id }), Field("name", { $0.name }))
}
