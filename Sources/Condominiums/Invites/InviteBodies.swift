import JSON
import Postgres
import Values

/// An invitation to be.
struct NewInvite: Shaped {
    let unitId: ID<Unit>
    let email: String?
    let phone: String?
    let role: ResidentRole
    let ttlDays: Int
    let maxUses: Int?
    let replace: Bool

    static let shape = Shape(
        "NewInvite", NewInvite.init,
        Field("unitId", { $0.unitId }),
        Field("email", { $0.email }, .email, doc: "Only this person may accept."),
        Field("phone", { $0.phone }, .phone),
        Field("role", { $0.role }, default: { .tenant }),
        Field("ttlDays", { $0.ttlDays }, .range(1...365), default: { 7 }),
        Field("maxUses", { $0.maxUses }, .range(1...100), doc: "Any number when left out."),
        Field("replace", { $0.replace }, default: { false }, doc: "Instead of the open one."))
}

/// An invitation as managers see it, token and all.
struct InviteView: WireOutput {
    let invite: Invite
    let token: String?
    let botName: String?
    var id: ID<Invite> { invite.id }

    private var url: String? {
        guard let token, let botName else { return nil }
        return "https://t.me/\(botName)?start=\(token)"
    }

    static let shape = Shape<InviteView>(
        output: "Invite",
        Field("id", { $0.invite.id }),
        Field("createdAt", { $0.invite.createdAt }),
        Field("updatedAt", { $0.invite.updatedAt }),
        Field("unitId", { $0.invite.unitId }),
        Field("unitNumber", { $0.invite.unitNumber }),
        Field("token", { $0.token }),
        Field("url", { $0.url }, doc: "Null while the bot has no name."),
        Field("email", { $0.invite.email }),
        Field("phone", { $0.invite.phone }),
        Field("role", { $0.invite.role }),
        Field("expiresAt", { $0.invite.expiresAt }),
        Field("isActive", { $0.invite.isActive }),
        Field("maxUses", { $0.invite.maxUses }),
        Field("usedCount", { $0.invite.usedCount }),
        Field("acceptedAt", { $0.invite.acceptedAt }),
        Field("createdBy", { $0.invite.createdBy }))
}

struct InvitePreviewRow: Row {
    let invite: Invite
    let unitType: String
    let condoName: String
    let condoAddress: String
    let companyName: String
    let language: String

    init(_ row: inout RowReader) throws {
        invite = try Invite(&row)
        unitType = try row.next()
        condoName = try row.next()
        condoAddress = try row.next()
        companyName = try row.next()
        language = try row.next()
    }
}

/// What somebody who holds a token learns before he signs in: never token, e-mail or phone.
struct InviteCheck: WireOutput {
    let valid: Bool
    let reason: String?
    let invite: Preview?

    struct Preview: WireOutput {
        let row: InvitePreviewRow

        static let shape = Shape<Preview>(
            output: "InvitePreview",
            Field("unitNumber", { $0.row.invite.unitNumber }),
            Field("unitType", { $0.row.unitType }),
            Field("condoName", { $0.row.condoName }),
            Field("condoAddress", { $0.row.condoAddress }),
            Field("companyName", { $0.row.companyName }),
            Field("role", { $0.row.invite.role }),
            Field("expiresAt", { $0.row.invite.expiresAt }))
    }

    static let shape = Shape<InviteCheck>(
        output: "InviteCheck",
        Field("valid", { $0.valid }),
        Field("reason", { $0.reason }, doc: "not_found, inactive, expired or used_up"),
        Field("invite", { $0.invite }))
}

/// A new resident and his unit.
struct AcceptedInvite: WireOutput {
    let resident: HouseholdView
    let unit: Unit

    static let shape = Shape<AcceptedInvite>(
        output: "AcceptedInvite", Field("resident", { $0.resident }), Field("unit", { $0.unit }))
}

/// Whether those are shown that admit nobody any more.
struct IncludeExpired: Shaped {
    let includeExpired: Bool

    static let shape = Shape(
        "IncludeExpired", IncludeExpired.init, Field("includeExpired", { $0.includeExpired }, default: { false }))
}
