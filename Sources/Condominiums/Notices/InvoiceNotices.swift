import Postgres
import Service
import Values

/// Tells those who live in a unit what becomes of its invoices: spec 4.5 and 5.4.
struct InvoiceNotices: Sendable {
    let database: Database
    let correspondent: any Correspondent

    /// Repeatable: a notice is known by its occasion, invoice and reader, and is not sent twice.
    var handler: EventHandler {
        EventHandler(
            "condominiums.invoice_notices", on: ["invoice.issued", "invoice.paid", "invoice.overdue"]
        ) { event in
            guard let id = event.objectID, let word = event.name.split(separator: ".").last,
                let occasion = InvoiceNotice.Occasion(rawValue: String(word))
            else { return }
            for row in try await database.all(Self.readers(of: id)) {
                try await correspondent.tell(InvoiceNotice(occasion, row))
            }
        }
    }

    /// The active residents of the unit that owes the invoice; none for other debtors.
    static func readers(of invoice: UUID) -> Statement<InvoiceNoticeRow> {
        Statement(
            """
            select i.id, p.id, p.email, p.locale, u.id, u.number, k.name, i.number, i.currency, i.total, i.paid, i.due_on
            from invoices.invoices i join condo.units u on u.id = i.debtor_id join condo.condos k on k.id = u.condo_id
            join condo.residents r on r.unit_id = u.id and r.is_active and r.deleted_at is null
            join identity.users p on p.id = r.user_id
            where i.id = \(invoice) and i.debtor_type = 'unit' and i.number is not null
            order by p.id
            """)
    }
}
