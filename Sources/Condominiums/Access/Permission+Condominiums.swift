import Service

/// The codes of spec 1.4, a line of the matrix each. Shared modules' codes (`invoices:read` …) stand in the roles beside
/// them.
extension Permission {
    /// Create, delete and commercial terms of companies: the platform's owner alone.
    static let companiesManage: Permission = "condo.companies:manage"
    /// Name and contacts.
    static let companiesRead: Permission = "condo.companies:read"
    /// Everything but bank details and commercial terms.
    static let companyProfileRead: Permission = "condo.company_profile:read"
    static let companyTermsRead: Permission = "condo.company_terms:read"
    static let companiesUpdate: Permission = "condo.companies:update"
    static let companyBlocksManage: Permission = "condo.company_blocks:manage"
    /// Create and delete.
    static let condosManage: Permission = "condo.condos:manage"
    static let condosRead: Permission = "condo.condos:read"
    /// What staff see of a condo and residents do not: its administrator, intercom codes.
    static let condoDetailsRead: Permission = "condo.condo_details:read"
    /// Edit the condo, its houses, entrances, unit types and units.
    static let structureManage: Permission = "condo.structure:manage"
    static let unitsRead: Permission = "condo.units:read"
    /// More of a unit than its number and place.
    static let unitDetailsRead: Permission = "condo.unit_details:read"
    static let unitOwnersRead: Permission = "condo.unit_owners:read"
    static let residentsRead: Permission = "condo.residents:read"
    /// The names of those who live in a unit.
    static let householdRead: Permission = "condo.household:read"
    static let residentsManage: Permission = "condo.residents:manage"
    /// Make somebody an owner, or invite one.
    static let ownersManage: Permission = "condo.owners:manage"
    static let staffManage: Permission = "condo.staff:manage"
    /// Appoint accountants and condo administrators.
    static let officersManage: Permission = "condo.officers:manage"
    static let metersRead: Permission = "condo.meters:read"
    static let metersManage: Permission = "condo.meters:manage"
    static let readingsCreate: Permission = "condo.readings:create"
    /// Verify, force, correct.
    static let readingsManage: Permission = "condo.readings:manage"
    static let tariffsRead: Permission = "condo.tariffs:read"
    static let tariffsManage: Permission = "condo.tariffs:manage"
    /// Prices that hold where a condo names none.
    static let defaultTariffsManage: Permission = "condo.default_tariffs:manage"
    static let pollsRead: Permission = "condo.polls:read"
    static let pollsManage: Permission = "condo.polls:manage"
    /// Held by where one lives; whether a poll asks there is looked up with each vote.
    static let pollsVote: Permission = "condo.polls:vote"
    /// Runs, previews and figures.
    static let billingRead: Permission = "condo.billing:read"
}
