import Service

/// Roles as grants: spec 1.3. The platform's owner holds everything; the platform's `finance` role is Identity's and is
/// widened here by what the office reads.
enum CondoRoles {
    static let all = [director, accountant, administrator, worker, guardian, resident, newcomer, finance]

    static let director = Role(
        "director", title: "Director", product: "condominiums", level: 60, on: [.company],
        permissions: company + management + office + [
            .companiesUpdate, .condosManage, .ownersManage, .officersManage, "users:read", "audit:read", "payments:manage",
        ])
    static let accountant = Role(
        "accountant", title: "Accountant", product: "condominiums", level: 40, on: [.company],
        permissions: company + office + ["payments:manage", "support:read"])
    static let administrator = Role(
        "condo_admin", title: "Condo administrator", product: "condominiums", level: 50, on: [.condo],
        permissions: [.companyProfileRead] + management + office)
    static let worker = Role(
        "worker", title: "Worker", product: "condominiums", level: 20, on: [.condo, .company],
        permissions: [
            .companiesRead, .condosRead, .condoDetailsRead, .unitsRead, .unitDetailsRead, .metersRead, .readingsCreate,
            .pollsRead, "support:create",
        ])
    static let guardian = Role(
        "guard", title: "Guard", product: "condominiums", level: 20, on: [.condo, .company],
        permissions: [.companiesRead, .condosRead, .condoDetailsRead, .unitsRead, "support:create"])
    /// Follows from residency only: spec 4.1.
    static let resident = Role(
        "resident", title: "Resident", product: "condominiums", level: 10, on: [.unit],
        permissions: [
            .companiesRead, .condosRead, .unitsRead, .unitDetailsRead, .householdRead, .metersRead, .readingsCreate,
            .tariffsRead, .pollsRead, .pollsVote, "invoices:pay", "support:create",
        ], isGrantedByHand: false)
    /// A resident who has no unit yet reads what the condo shows to everybody in it.
    static let newcomer = Role(
        "resident_unplaced", title: "Resident without a unit", product: "condominiums", level: 10, on: [.condo],
        permissions: [.companiesRead, .condosRead, .tariffsRead], isGrantedByHand: false)

    private static let company: [Permission] = [.companyProfileRead, .companyTermsRead]
    /// Read by everyone in an office, and its invoices written: spec 1.4.
    private static let office: [Permission] = [
        .companiesRead, .condosRead, .condoDetailsRead, .unitsRead, .unitDetailsRead, .unitOwnersRead, .residentsRead,
        .householdRead, .metersRead, .tariffsRead, .pollsRead, .billingRead, "invoices:read", "invoices:create", "invoices:update",
        "payments:read", "financial:read",
    ]
    private static let management: [Permission] = [
        .structureManage, .residentsManage, .staffManage, .metersManage, .readingsCreate, .readingsManage, .tariffsManage, .pollsManage,
        "invoices:manage", "payments:record", "support:read", "support:create", "support:update", "support:manage",
    ]
    /// Widens the platform's role of that name by what its bookkeepers read everywhere; never residents.
    static let finance = Role(
        "finance", title: "Finance", product: "platform", level: 50, on: [.platform],
        permissions: [
            .companiesRead, .companyProfileRead, .companyTermsRead, .companyBlocksManage, .condosRead, .unitsRead,
            .unitDetailsRead, .unitOwnersRead, .metersRead, .tariffsRead, .billingRead,
        ])
}
