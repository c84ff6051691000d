import JSON

/// What somebody is in a unit.
enum ResidentRole: String, WireEnum {
    case owner, tenant
    case familyMember = "family_member"
}
