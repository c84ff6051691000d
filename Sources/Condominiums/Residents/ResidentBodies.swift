import JSON
import Values

/// A person named by address, who may have no account yet.
struct PersonBody: Shaped {
    let firstName: String
    let lastName: String
    let email: String
    let phone: String?

    static let shape = Shape(
        "ResidentPerson", PersonBody.init,
        Field("firstName", { $0.firstName }, .length(1...100)),
        Field("lastName", { $0.lastName }, .length(1...100)),
        Field("email", { $0.email }, .email),
        Field("phone", { $0.phone }, .phone))
}

/// A resident to be: of a unit or, not yet placed, of a condo.
struct NewResident: Shaped {
    let userId: UUID?
    let person: PersonBody?
    let unitId: ID<Unit>?
    let condoId: ID<Condo>?
    let role: ResidentRole
    let moveInDate: Day?
    let passportNumber: String?
    let birthDate: Day?

    static let shape = Shape(
        "NewResident", NewResident.init,
        Field("userId", { $0.userId }, doc: "Or person."),
        Field("person", { $0.person }, doc: "Found by e-mail, or made."),
        Field("unitId", { $0.unitId }, doc: "Or condoId."),
        Field("condoId", { $0.condoId }),
        Field("role", { $0.role }, default: { .tenant }),
        Field("moveInDate", { $0.moveInDate }),
        Field("passportNumber", { $0.passportNumber }, .length(4...50)),
        Field("birthDate", { $0.birthDate }),
        example: ["person", "unitId"],
        check: { body in
            var errors: [FieldError] = []
            if (body.userId == nil) == (body.person == nil) {
                errors.append(FieldError(field: "userId", code: "required", message: "Name a user or a person."))
            }
            if (body.unitId == nil) == (body.condoId == nil) {
                errors.append(FieldError(field: "unitId", code: "required", message: "Name a unit or a condo."))
            }
            return errors
        })
}

/// A change of a resident.
struct ResidentBody: Shaped {
    let unitId: Patch<ID<Unit>>
    let role: Patch<ResidentRole>
    let isActive: Patch<Bool>
    let moveInDate: Patch<Day?>
    let moveOutDate: Patch<Day?>
    let birthDate: Patch<Day?>
    let passportNumber: Patch<String?>

    static let shape = Shape(
        "ResidentChange", ResidentBody.init,
        Field("unitId", { $0.unitId }, doc: "Of the same condo."),
        Field("role", { $0.role }),
        Field("isActive", { $0.isActive }),
        Field("moveInDate", { $0.moveInDate }),
        Field("moveOutDate", { $0.moveOutDate }),
        Field("birthDate", { $0.birthDate }),
        Field("passportNumber", { $0.passportNumber }, .length(4...50)))
}

/// The day on which somebody moves out.
struct MoveOutBody: Shaped {
    let date: Day?

    static let shape = Shape(
        "MoveOut", MoveOutBody.init,
        Field(
            "date", { $0.date },
            doc: "Today in the condo's time zone when left out; not before moveInDate, or else the day of being recorded."))
}

/// What a list of residents is narrowed by.
struct ResidentFilter: Shaped {
    let condoId: ID<Condo>?
    let unitId: ID<Unit>?
    let role: ResidentRole?
    let isActive: Bool?
    let q: String?

    static let shape = Shape(
        "ResidentFilter", ResidentFilter.init,
        Field("condoId", { $0.condoId }),
        Field("unitId", { $0.unitId }),
        Field("role", { $0.role }),
        Field("isActive", { $0.isActive }, doc: "True when left out."),
        Field("q", { $0.q }, .length(1...100), doc: "Part of the name, e-mail or phone."))
}

/// Whether those are shown who have left.
struct IncludeInactive: Shaped {
    let includeInactive: Bool

    static let shape = Shape(
        "IncludeInactive", IncludeInactive.init, Field("includeInactive", { $0.includeInactive }, default: { false }))
}
