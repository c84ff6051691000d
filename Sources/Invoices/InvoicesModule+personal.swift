import JSON
import Postgres
import Service
import Values

extension InvoicesModule {
    /// What somebody was invoiced for himself. Invoices are kept as the law wants them, with what was printed on them: nothing
    /// is erased. Those of his home are his unit's, and stay there.
    package var personalData: [PersonalData] {
        [PersonalData("invoices", in: invoices.database, export: PersonalQueries.invoices)]
    }
}

enum PersonalQueries {
    /// Amounts in minor units. Drafts are the issuer's own. Index `invoices_debtor`.
    static func invoices(_ user: UUID) -> Statement<JSONText> {
        Statement(
            """
            select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]') from (
                select i.id, i.created_at as "createdAt", i.number, i.kind, i.product, i.status, i.period,
                    i.issued_on as "issuedOn", i.due_on as "dueOn", i.currency, i.subtotal, i.tax, i.total, i.paid,
                    i.description, i.cancelled_at as "cancelledAt",
                    (select coalesce(jsonb_agg(jsonb_build_object('description', n.description, 'quantity', n.quantity,
                            'amount', n.amount) order by n.position), '[]')
                       from invoices.items n where n.invoice_id = i.id) as items
                  from invoices.invoices i
                 where i.debtor_type = 'user' and i.debtor_id = \(user) and i.status <> 'draft'
                 order by i.id desc limit 5000) x
            """, .report)
    }

    static var samples: [StatementSample] { [StatementSample("personal: invoices", invoices(.zero))] }
}
