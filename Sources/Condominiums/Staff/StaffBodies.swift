import JSON
import Values

extension StaffMember: WireOutput {
    static let shape = Shape<StaffMember>(
        output: "StaffMember",
        Field("id", { $0.id }),
        Field("createdAt", { $0.createdAt }),
        Field("updatedAt", { $0.updatedAt }),
        Field("userId", { $0.userId }),
        Field("name", { $0.name }),
        Field("email", { $0.email }),
        Field("phone", { $0.phone }),
        Field("companyId", { $0.companyId }),
        Field("condoId", { $0.condoId }, doc: "Null: works in all condos of the company."),
        Field("role", { $0.role }),
        Field("position", { $0.position }),
        Field("specializations", { $0.specializations }),
        Field("hireDate", { $0.hireDate }),
        Field("isActive", { $0.isActive }))
}

/// Somebody to be taken on: a user, or a person found by e-mail or made.
struct NewStaffMember: Shaped {
    let userId: UUID?
    let firstName: String?
    let lastName: String?
    let email: String?
    let phone: String?
    let role: StaffRole
    let condoId: ID<Condo>?
    let position: String
    let specializations: [String]
    let hireDate: Day?

    static let shape = Shape(
        "NewStaffMember", NewStaffMember.init,
        Field("userId", { $0.userId }, doc: "Or firstName and email."),
        Field("firstName", { $0.firstName }, .length(1...100)),
        Field("lastName", { $0.lastName }, .length(1...100)),
        Field("email", { $0.email }, .email),
        Field("phone", { $0.phone }, .phone),
        Field("role", { $0.role }),
        Field("condoId", { $0.condoId }),
        Field("position", { $0.position }, .length(1...255)),
        Field("specializations", { $0.specializations }, .count(0...20), .each(.length(1...50), .code), default: { [] }),
        Field("hireDate", { $0.hireDate }),
        example: ["userId"],
        check: { body in
            var errors: [FieldError] = []
            if body.userId == nil, body.firstName == nil || body.email == nil {
                errors.append(
                    FieldError(field: "userId", code: "required", message: "Name a user, or firstName and email."))
            }
            if !body.role.fits(inCondo: body.condoId != nil) {
                errors.append(
                    FieldError(field: "condoId", code: "scope", message: "does not go with the role"))
            }
            return errors
        })
}

/// A change of what somebody does.
struct StaffChange: Shaped {
    let position: Patch<String>
    let specializations: Patch<[String]>
    let hireDate: Patch<Day?>
    let isActive: Patch<Bool>

    static let shape = Shape(
        "StaffChange", StaffChange.init,
        Field("position", { $0.position }, .length(1...255)),
        Field("specializations", { $0.specializations }, .count(0...20), .each(.length(1...50), .code)),
        Field("hireDate", { $0.hireDate }),
        Field("isActive", { $0.isActive }, doc: "False withdraws the grant."))

    func apply(to member: inout StaffMember) {
        member.position = position.value(or: member.position)
        member.specializations = specializations.value(or: member.specializations)
        member.hireDate = hireDate.value(or: member.hireDate)
        member.isActive = isActive.value(or: member.isActive)
    }
}

/// What a list of staff is narrowed by.
struct StaffFilter: Shaped {
    let q: String?
    let condoId: ID<Condo>?
    let position: String?
    let specialization: String?
    let isActive: Bool?

    static let shape = Shape(
        "StaffFilter", StaffFilter.init,
        Field("q", { $0.q }, .length(1...100), doc: "Part of the name, e-mail or phone."),
        Field("condoId", { $0.condoId }),
        Field("position", { $0.position }),
        Field("specialization", { $0.specialization }, .length(1...50)),
        Field("isActive", { $0.isActive }))
}
