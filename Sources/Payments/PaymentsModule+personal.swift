import JSON
import Postgres
import Service
import Values

extension PaymentsModule {
    /// Money is kept as the law wants it, with the name that it was paid in; what was saved to pay by again goes. Nobody goes
    /// while a payment of his is open or something is left in his wallet.
    package var personalData: [PersonalData] {
        [
            PersonalData(
                "payments", in: payments.database, export: PersonalQueries.payments,
                erase: { [PersonalQueries.dropMethods(of: $0), PersonalQueries.dropCustomers(of: $0)] },
                vetoes: { PersonalQueries.vetoes(of: $0) })
        ]
    }
}

enum PersonalQueries {
    /// Amounts in minor units.
    static func payments(_ user: UUID) -> Statement<JSONText> {
        Statement(
            """
            select jsonb_build_object(
                'payments', (select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]') from (
                    select p.id, p.created_at as "createdAt", p.reference, p.purpose, p.amount, p.currency, p.refunded, p.status,
                        p.method, p.description, p.receipt_number as "receiptNumber", p.payer
                      from payments.payments p where p.payer_id = \(user) order by p.id desc limit 5000) x),
                'savedMethods', (select coalesce(jsonb_agg(jsonb_build_object(
                        'createdAt', m.created_at, 'provider', m.provider, 'kind', m.kind, 'brand', m.brand, 'last4', m.last4)), '[]')
                    from payments.saved_methods m where m.user_id = \(user) and m.deleted_at is null),
                'wallets', (select coalesce(jsonb_agg(jsonb_build_object('unit', a.unit, 'balance', a.balance)), '[]')
                    from payments.accounts a where a.owner_type = 'user' and a.owner_id = \(user) and a.is_wallet))
            """, .report)
    }

    /// Indexes `payments_payer`, `accounts_unique`.
    static func vetoes(of user: UUID) -> Statement<String> {
        Statement(
            """
            select 'payment_open' where exists (
                select from payments.payments p
                 where p.payer_id = \(user) and p.status in ('pending', 'authorized', 'unknown'))
            union all
            select 'wallet_not_empty' where exists (
                select from payments.accounts a
                 where a.owner_type = 'user' and a.owner_id = \(user) and a.is_wallet and a.balance <> 0)
            """)
    }

    /// The provider forgets them with the customer; here they cannot be used again.
    static func dropMethods(of user: UUID) -> Command { Command("delete from payments.saved_methods where user_id = \(user)") }
    static func dropCustomers(of user: UUID) -> Command { Command("delete from payments.provider_customers where user_id = \(user)") }

    static var samples: [StatementSample] {
        [
            StatementSample("personal: payments", payments(.zero)), StatementSample("personal: vetoes", vetoes(of: .zero)),
            StatementSample("personal: drop methods", dropMethods(of: .zero)),
            StatementSample("personal: drop customers", dropCustomers(of: .zero)),
        ]
    }
}
