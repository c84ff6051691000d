import Postgres
import Service
import Values

/// Where a caller holds a permission, as the filter of a statement.
struct Coverage: Sendable {
    let isEverything: Bool
    let companies: [ID<Company>]
    let condos: [ID<Condo>]
    let units: [ID<Unit>]
    /// Where it is denied all the same, below what is covered. Nil for nearly everybody.
    let denied: Denied?

    struct Denied: Sendable {
        let companies: [ID<Company>]
        let condos: [ID<Condo>]
        let units: [ID<Unit>]
    }

    init(
        isEverything: Bool, companies: [ID<Company>], condos: [ID<Condo>], units: [ID<Unit>], denied: Denied? = nil
    ) {
        self.isEverything = isEverything
        self.companies = companies
        self.condos = condos
        self.units = units
        self.denied = denied
    }

    init(_ reach: Reach) {
        isEverything = reach.isEverything
        companies = reach.ids(of: .company)
        condos = reach.ids(of: .condo)
        units = reach.ids(of: .unit)
        denied =
            reach.holdsDenials
            ? Denied(
                companies: reach.deniedIDs(of: .company), condos: reach.deniedIDs(of: .condo),
                units: reach.deniedIDs(of: .unit)) : nil
    }

    /// Of the table `units u`.
    var ofUnits: SQL {
        covered(
            "u.company_id = any(\(companies))", "u.condo_id = any(\(condos))", "u.id = any(\(units))",
            besides: denied.map {
                "u.company_id = any(\($0.companies)) or u.condo_id = any(\($0.condos)) or u.id = any(\($0.units))"
            })
    }

    /// Of the table `condos k`: those of which a unit is covered count too, as their residents read them. Of what is
    /// in them, `outsideDeniedUnits` says what is left.
    var ofCondos: SQL {
        covered(
            "k.company_id = any(\(companies))", "k.id = any(\(condos))",
            "k.id in (select own.condo_id from condo.units own where own.id = any(\(units)))", besides: deniedCondos)
    }

    /// Of the table `condos k`: those covered whole, with all their units (`outsideDeniedUnits`).
    var ofWholeCondos: SQL {
        covered("k.company_id = any(\(companies))", "k.id = any(\(condos))", nil, besides: deniedCondos)
    }

    private var deniedCondos: SQL? {
        denied.map { "k.company_id = any(\($0.companies)) or k.id = any(\($0.condos))" }
    }

    /// For what lies in a condo: a further condition on the column that names its unit, if it has one.
    func outsideDeniedUnits(_ unit: SQL) -> SQL {
        guard let denied, !denied.units.isEmpty else { return .empty }
        return "and (\(unit) = any(\(denied.units))) is not true"
    }

    /// Of the table `companies c`.
    var ofCompanies: SQL {
        covered(
            "c.id = any(\(companies))",
            "c.id in (select own.company_id from condo.condos own where own.id = any(\(condos)))",
            "c.id in (select own.company_id from condo.units own where own.id = any(\(units)))",
            besides: denied.map { "c.id = any(\($0.companies))" })
    }

    /// Of the table `staff s`.
    var ofStaff: SQL {
        covered(
            "s.company_id = any(\(companies))", "s.condo_id = any(\(condos))", nil,
            besides: denied.map { "s.company_id = any(\($0.companies)) or s.condo_id = any(\($0.condos))" })
    }

    /// Only what the caller has stands in the condition: an arm that is always false, or one that is always true, would
    /// keep every index out of a plan that is made once for all values.
    private func covered(_ byCompany: SQL, _ byCondo: SQL, _ byUnit: SQL?, besides denied: SQL?) -> SQL {
        var arms: [SQL] = []
        if !companies.isEmpty { arms.append(byCompany) }
        if !condos.isEmpty { arms.append(byCondo) }
        if let byUnit, !units.isEmpty { arms.append(byUnit) }
        let held: SQL =
            if isEverything {
                "true"
            } else if let first = arms.first {
                "(\(arms.dropFirst().reduce(first) { "\($0) or \($1)" }))"
            } else {
                "false"
            }
        guard let denied else { return held }
        return "(\(held) and (\(denied)) is not true)"
    }
}

extension Caller {
    /// Where the permission is held; nowhere is no refusal, because a list of nothing tells nothing. A blocked company is:
    /// whoever holds it there alone hears of the block.
    ///
    /// Throws 401 for a guest.
    func coverage(_ permission: Permission) throws -> Coverage { Coverage(try extent(of: permission)) }

    /// Where the permission is held, blocked or not: to find one object, on whose path it is required afterwards.
    func sight(_ permission: Permission) throws -> Coverage { Coverage(try extent(of: permission, locked: true)) }
}
