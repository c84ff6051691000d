import Postgres
import Service
import Values

/// Where a caller holds a permission, as the filter of a statement.
struct Coverage: Sendable {
    let isEverything: Bool
    let companies: [ID<Company>]
    let condos: [ID<Condo>]
    let units: [ID<Unit>]

    static let nothing = Coverage(isEverything: false, companies: [], condos: [], units: [])

    init(isEverything: Bool, companies: [ID<Company>], condos: [ID<Condo>], units: [ID<Unit>]) {
        self.isEverything = isEverything
        self.companies = companies
        self.condos = condos
        self.units = units
    }

    init(_ reach: Reach) {
        isEverything = reach.isEverything
        companies = reach.ids(of: .company)
        condos = reach.ids(of: .condo)
        units = reach.ids(of: .unit)
    }

    /// Of the table `units u`.
    var ofUnits: SQL {
        "(\(isEverything) or u.company_id = any(\(companies)) or u.condo_id = any(\(condos)) or u.id = any(\(units)))"
    }

    /// Of the table `condos k`: those of which a unit is covered count too, as their residents read them.
    var ofCondos: SQL {
        """
        (\(isEverything) or k.company_id = any(\(companies)) or k.id = any(\(condos))
          or exists (select from condo.units own where own.condo_id = k.id and own.id = any(\(units))))
        """
    }

    /// Of the table `companies c`.
    var ofCompanies: SQL {
        """
        (\(isEverything) or c.id = any(\(companies))
          or exists (select from condo.condos own where own.company_id = c.id and own.id = any(\(condos)))
          or exists (select from condo.units own where own.company_id = c.id and own.id = any(\(units))))
        """
    }
}

extension Caller {
    /// Where the permission is held; nowhere is no refusal, because a list of nothing tells nothing.
    ///
    /// Throws 401 for a guest.
    func coverage(_ permission: Permission) throws -> Coverage {
        _ = try user()
        guard let reach = try? reach(permission) else { return .nothing }
        return Coverage(reach)
    }
}
