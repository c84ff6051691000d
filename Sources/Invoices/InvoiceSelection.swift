import Postgres
import Service
import Values

/// Which invoices a list is about: what the caller may see, narrowed by what he asks for.
struct InvoiceSelection {
    let sight: InvoiceSight
    let filter: InvoiceFilter
    let now: Instant

    /// The where clause over `invoices.invoices i`. Only the conditions in use are written, so that each form gets the
    /// plan it deserves.
    var condition: SQL {
        var condition = sight.condition
        if let debtor = filter.unitID ?? filter.debtorID { condition = "\(condition) and i.debtor_id = \(debtor)" }
        if let scope = filter.condoID ?? filter.scopeID { condition = "\(condition) and i.scope_id = \(scope)" }
        if let issuer = filter.issuerID { condition = "\(condition) and i.issuer_id = \(issuer)" }
        if let object = filter.objectID { condition = "\(condition) and i.object_id = \(object)" }
        if let kind = filter.kind { condition = "\(condition) and i.kind = \(kind)" }
        if let status = filter.status { condition = "\(condition) and i.status = \(status)" }
        if let period = filter.period { condition = "\(condition) and i.period = \(period)" }
        if let from = filter.from { condition = "\(condition) and i.issued_on >= \(from)" }
        if let to = filter.to { condition = "\(condition) and i.issued_on <= \(to)" }
        if let overdue = filter.overdue { condition = "\(condition) and \(isOverdue) = \(overdue)" }
        if let text = filter.q { condition = "\(condition) and i.number ilike \(pattern(text))" }
        return condition
    }

    /// By the day in the issuer's zone, also before the nightly job has marked it.
    private var isOverdue: SQL {
        """
        (i.status in ('issued', 'partially_paid', 'overdue') and i.due_on < (\(now) at time zone i.time_zone)::date)
        """
    }

    /// Part of a number, its wildcards taken literally.
    private func pattern(_ text: String) -> String {
        var pattern = "%"
        for character in text {
            if "%_\\".contains(character) { pattern.append("\\") }
            pattern.append(character)
        }
        return pattern + "%"
    }
}
