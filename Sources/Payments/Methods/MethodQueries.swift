import Postgres
import Service
import Values

/// The SQL of what payers have saved.
enum MethodQueries {
    private static let columns: SQL = """
        m.id, m.user_id, m.provider, m.method_id, c.customer_id, m.kind, m.brand, m.last4, m.expires_on, m.is_default,
        m.created_at
        """
    private static let tables: SQL = """
        payments.saved_methods m
          join payments.provider_customers c on c.user_id = m.user_id and c.provider = m.provider
        """

    static func customer(of user: UUID, at provider: String) -> Statement<String> {
        Statement(
            """
            select customer_id from payments.provider_customers where user_id = \(user) and provider = \(provider)
            """)
    }

    /// The first that was made stays.
    static func keep(_ customer: String, of user: UUID, at provider: String) -> Command {
        Command(
            """
            insert into payments.provider_customers (user_id, provider, customer_id)
            values (\(user), \(provider), \(customer)) on conflict do nothing
            """)
    }

    /// The payer's first is what he pays by as a rule. One of somebody else's is not taken: no row.
    static func keep(
        _ id: ID<SavedMethod>, _ method: KeptMethod, of user: UUID, at provider: String, now: Instant
    ) -> Statement<ID<SavedMethod>> {
        Statement(
            """
            insert into payments.saved_methods as m (
                id, created_at, updated_at, user_id, provider, method_id, kind, brand, last4, expires_on, is_default)
            values (\(id), \(now), \(now), \(user), \(provider), \(method.id), \(method.kind), \(method.brand),
                    \(method.last4), \(method.expiresOn),
                    not exists (select from payments.saved_methods x where x.user_id = \(user) and x.is_default))
            on conflict (provider, method_id) do update
               set updated_at = excluded.updated_at, deleted_at = null, brand = excluded.brand, last4 = excluded.last4,
                   expires_on = excluded.expires_on
             where m.user_id = excluded.user_id
            returning m.id
            """)
    }

    /// Serialises what changes one payer's methods.
    static func lock(_ user: UUID) -> Statement<Int> {
        Statement("select 1 from identity.users u where u.id = \(user) for no key update")
    }

    /// Index `saved_methods_user`.
    static func page(of user: UUID, _ page: PageRequest) -> Statement<SavedMethod> {
        Statement(
            """
            select \(columns) from \(tables)
             where m.user_id = \(user) and m.deleted_at is null order by m.id limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(of user: UUID) -> Statement<Int> {
        Statement("select count(*) from payments.saved_methods m where m.user_id = \(user) and m.deleted_at is null")
    }

    static func method(_ id: ID<SavedMethod>, of user: UUID) -> Statement<SavedMethod> {
        Statement(
            "select \(columns) from \(tables) where m.id = \(id) and m.user_id = \(user) and m.deleted_at is null")
    }

    /// Also one that has been let go: a payment begun with it goes on.
    static func method(ofPayment id: ID<Payment>) -> Statement<SavedMethod> {
        Statement(
            """
            select \(columns) from \(tables)
             where m.id = (select p.saved_method_id from payments.payments p where p.id = \(id))
            """)
    }

    static func dropDefault(of user: UUID, now: Instant) -> Command {
        Command(
            "update payments.saved_methods set is_default = false, updated_at = \(now) where user_id = \(user) and is_default")
    }

    static func makeDefault(_ id: ID<SavedMethod>, now: Instant) -> Command {
        Command("update payments.saved_methods set is_default = true, updated_at = \(now) where id = \(id)")
    }

    static func delete(_ id: ID<SavedMethod>, now: Instant) -> Command {
        Command(
            """
            update payments.saved_methods set deleted_at = \(now), is_default = false, updated_at = \(now) where id = \(id)
            """)
    }

    /// Still let go when a job comes to tell the provider.
    static func deleted(_ id: ID<SavedMethod>) -> Statement<SavedMethod> {
        Statement("select \(columns) from \(tables) where m.id = \(id) and m.deleted_at is not null")
    }

    static var samples: [StatementSample] {
        let now = Instant.now
        let kept = KeptMethod(id: "x", kind: "card", brand: nil, last4: nil, expiresOn: nil)
        return [
            StatementSample("methods.customer", customer(of: .zero, at: "x")),
            StatementSample("methods.keepCustomer", keep("x", of: .zero, at: "x")),
            StatementSample("methods.keep", keep(.new(), kept, of: .zero, at: "x", now: now)),
            StatementSample("methods.lock", lock(.zero)),
            StatementSample("methods.page", page(of: .zero, PageRequest(sort: "createdAt"))),
            StatementSample("methods.count", count(of: .zero)),
            StatementSample("methods.method", method(.new(), of: .zero)),
            StatementSample("methods.ofPayment", method(ofPayment: .new())),
            StatementSample("methods.dropDefault", dropDefault(of: .zero, now: now)),
            StatementSample("methods.makeDefault", makeDefault(.new(), now: now)),
            StatementSample("methods.delete", delete(.new(), now: now)),
            StatementSample("methods.deleted", deleted(.new())),
        ]
    }
}
