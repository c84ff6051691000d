import Payments
import Postgres
import Service
import Values

extension CondominiumsDoors {
    /// The platform's share of a company's payments: the company's own terms, else the platform's (spec 4.6).
    package func commission(standard: @escaping CommissionPolicy.Standard) -> CommissionPolicy {
        CommissionPolicy(standard: standard) { [database] payee, standard in
            guard payee.type == .company, let id = payee.id,
                let terms = try await database.first(CommissionTerms.of(ID(id)))
            else { return nil }
            if terms.fixed == nil, terms.percent == nil { return nil }
            let house = try await standard()
            return Commission(
                fixed: terms.fixed ?? house.fixed, percent: terms.percent ?? house.percent, minimum: house.minimum,
                maximum: house.maximum)
        }
    }
}

/// What a company has agreed; nil where the platform's terms hold.
struct CommissionTerms: Row {
    let fixed: Int64?
    let percent: Percent?

    init(_ row: inout RowReader) throws {
        fixed = try row.next()
        percent = try row.next()
    }

    static func of(_ id: ID<Company>) -> Statement<CommissionTerms> {
        Statement("select c.commission_fixed_minor, c.commission_percent from condo.companies c where c.id = \(id)")
    }
}
