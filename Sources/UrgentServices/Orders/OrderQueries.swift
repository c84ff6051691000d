import JSON
import Postgres
import Service
import Values

/// The statements of orders, but for lists.
enum OrderQueries {
    /// In the order in which `Order` reads them; of `orders o`, and `client_reviews r` where there may be one.
    static func columns(review: SQL = "r.rating::integer, r.comment") -> SQL {
        """
        o.id, o.client_id, o.category, o.description, o.city, o.contact, o.created_at, o.expires_in_minutes, o.status,
        o.close_reason, o.takers, o.taken_at, o.customer_responded_at, o.city_locked, o.expires_at, o.no_response_at,
        o.closed_at, o.renewed_from, o.latitude, o.longitude, \(review), now()
        """
    }

    static let noReview: SQL = "null::integer, null::varchar"

    /// Index `client_reviews_once`.
    static let reviewed: SQL = """
        left join urgent.client_reviews r on r.order_id = o.id and r.client_id = o.client_id and r.status = 'visible'
        """

    /// Of a row that nobody has closed yet: which of its deadlines has passed first, of two at once the missing answer.
    private static let lapsesUnanswered: SQL = "(o.customer_responded_at is null and o.no_response_at <= o.expires_at)"

    /// The status that counts, of `orders o`.
    static let effectiveStatus: SQL = """
        (case when o.status <> 'active' or o.deadline_at > now() then o.status
              when \(lapsesUnanswered) then 'closed_no_response' else 'expired' end)
        """

    /// The reason to it.
    static let effectiveReason: SQL = """
        (case when o.status <> 'active' or o.deadline_at > now() then o.close_reason
              when \(lapsesUnanswered) then 'no_response' else 'expired' end)
        """

    // MARK: One

    static func one(_ id: OrderID) -> Statement<Order> {
        Statement("select \(columns()) from urgent.orders o \(reviewed) where o.id = \(id.text)")
    }

    /// Look-ups by primary key, of many requests at once.
    static func each(_ ids: [OrderID]) -> Statement<Placed<Order>> {
        Statement(
            """
            select g.place, \(columns())
              from unnest(\(ids.map(\.text))::text[]) with ordinality g(id, place)
              join urgent.orders o on o.id = g.id \(reviewed)
            """)
    }

    /// Everybody who changes an order locks its row first, then the accounts of money.
    static func lock(_ id: OrderID) -> Statement<Order> {
        Statement(
            "select \(columns(review: noReview)) from urgent.orders o where o.id = \(id.text) for no key update of o")
    }

    /// How many somebody has made within the last hour, and when the oldest of them leaves it. Index `orders_of_client`.
    static func recent(of client: Int) -> Statement<RecentOrders> {
        Statement(
            """
            select count(*), extract(epoch from min(o.created_at) + interval '1 hour' - now())::float8
              from urgent.orders o where o.client_id = \(client) and o.created_at > now() - interval '1 hour'
            """)
    }

    static func insert(_ draft: OrderDraft) -> Command {
        Command(
            """
            insert into urgent.orders (id, client_id, category, description, city, contact, contact_key, expires_in_minutes,
                expires_at, latitude, longitude, renewed_from, takings_id)
            values (\(draft.id.text), \(draft.client), \(draft.category), \(draft.description), \(draft.city),
                \(draft.contact.text), \(draft.contact.key), \(draft.lifetimeMinutes),
                now() + make_interval(mins => \(draft.lifetimeMinutes)::integer), \(draft.place?.latitude),
                \(draft.place?.longitude), \(draft.renewedFrom?.text), \(draft.takings))
            """)
    }

    /// What is nil stays as it is.
    static func update(_ id: OrderID, _ body: UpdateOrder, contact: Contact?) -> Command {
        Command(
            """
            update urgent.orders
               set category = coalesce(\(body.category), category), description = coalesce(\(body.description), description),
                   contact = coalesce(\(contact?.text), contact), contact_key = coalesce(\(contact?.key), contact_key),
                   latitude = coalesce(\(body.latitude), latitude), longitude = coalesce(\(body.longitude), longitude),
                   updated_at = now()
             where id = \(id.text)
            """)
    }

    static func respond(_ id: OrderID) -> Statement<Bool> {
        Statement("select urgent.respond(\(id.text))", .change)
    }

    /// One that has expired is deleted without having been active: it stays ended when it ended.
    static func deleteExpired(_ id: OrderID) -> Command {
        Command(
            """
            update urgent.orders set status = 'deleted', close_reason = 'client_deleted', updated_at = now()
             where id = \(id.text) and status = 'expired'
            """)
    }

    // MARK: Ends

    /// Writes down that the time of an order has passed, with what is given back. Its row is locked, and it has lapsed.
    static func lapse(_ id: OrderID) -> Statement<Bool> {
        Statement("select urgent.lapse(o) from urgent.orders o where o.id = \(id.text)", .change)
    }

    /// Ends an active order whose row is locked.
    static func finish(
        _ id: OrderID, _ status: OrderStatus, _ reason: CloseReason, refunding: Bool, chosen: Int? = nil
    ) -> Statement<Bool> {
        Statement(
            """
            select urgent.finish(\(id.text), \(status.rawValue), \(reason.rawValue), now(), \(refunding), \(chosen)::bigint)
            """, .change)
    }

    /// What an order's executors have not had back, of one of them or of all. Its row is locked.
    static func refund(_ id: OrderID, executor: Int?) -> Statement<JSONText> {
        Statement("select urgent.refund(\(id.text), \(executor)::bigint)", .change)
    }

    /// The order that holds a contact though its time has passed, locked; nothing while somebody else ends it. Index
    /// `orders_contact`.
    static func lapsedHolder(of key: String) -> Statement<String> {
        Statement(
            """
            select o.id from urgent.orders o
             where o.contact_key = \(key) and o.status = 'active' and o.deadline_at <= now() for no key update
            """)
    }

    /// An order whose hour is over, locked, besides those that could not be ended in this run; those that somebody has at hand
    /// are left to him. Index `orders_ending`.
    static func over(besides ids: [OrderID]) -> Statement<String> {
        Statement(
            """
            select o.id from urgent.orders o
             where o.status = 'active' and o.expires_at <= now() and o.id <> all (\(ids.map(\.text))::text[])
             order by o.expires_at limit 1 for no key update skip locked
            """)
    }

    /// The same of those that wait for an answer in vain. Index `unanswered_due`. The order's own deadline is asked too: an
    /// answer that is committed while its row is waited for moves it, and the row that is locked then is judged anew.
    static func unanswered(besides ids: [OrderID]) -> Statement<String> {
        Statement(
            """
            select o.id from urgent.unanswered n join urgent.orders o on o.id = n.order_id
             where n.due_at <= now() and o.deadline_at <= now() and o.status = 'active' and o.id <> all (\(ids.map(\.text))::text[])
             order by n.due_at limit 1 for no key update of o skip locked
            """)
    }

    /// Some orders, and a client's active ones, locked by id. Indexes `orders_pkey`, `orders_of_client`.
    static func hold(_ ids: [OrderID], activeOf client: Int?) -> Statement<Order> {
        Statement(
            """
            select \(columns(review: noReview)) from urgent.orders o
             where o.id = any (\(ids.map(\.text))::text[]) or (o.client_id = \(client)::bigint and o.status = 'active')
             order by o.id for no key update of o
            """)
    }

    /// The accounts that giving back moves: those that paid takes of these orders, and those that they were paid to. Indexes
    /// `executor_takes_once`, `entries_transaction`, `accounts_pkey`.
    static func holdAccounts(of ids: [OrderID]) -> Command {
        Command(
            """
            select from payments.accounts a
             where a.id in (select e.account_id from urgent.executor_takes t join payments.entries e on e.transaction_id = t.transaction_id
                             where t.order_id = any (\(ids.map(\.text))::text[]) and t.refunded_at is null)
             order by a.id for no key update
            """)
    }

    static var samples: [StatementSample] {
        let id = OrderID.random()
        let contact = Contact("@abcde", by: .strict)
        let draft = OrderDraft(
            id: id, client: 1, category: "", description: "", city: "", contact: contact!, lifetimeMinutes: 60,
            place: Place(latitude: 0, longitude: 0), renewedFrom: id, takings: .zero)
        let body = UpdateOrder(category: "", description: "", contact: "", latitude: 0, longitude: 0)
        return [
            StatementSample("urgent: order", one(id)), StatementSample("urgent: orders", each([id])),
            StatementSample("urgent: order, locked", lock(id)),
            StatementSample("urgent: recent orders", recent(of: 1)),
            StatementSample("urgent: new order", insert(draft)),
            StatementSample("urgent: changed order", update(id, body, contact: contact)),
            StatementSample("urgent: responded order", respond(id)),
            StatementSample("urgent: deleted order", deleteExpired(id)),
            StatementSample("urgent: lapsed order", lapse(id)),
            StatementSample("urgent: finished order", finish(id, .completed, .completed, refunding: false, chosen: 1)),
            StatementSample("urgent: refunded order", refund(id, executor: 1)),
            StatementSample("urgent: lapsed holder of a contact", lapsedHolder(of: "")),
            StatementSample("urgent: order that is over", over(besides: [id])),
            StatementSample("urgent: unanswered order", unanswered(besides: [id])),
            StatementSample("urgent: orders, held", hold([id], activeOf: 1)),
            StatementSample("urgent: accounts of orders, held", holdAccounts(of: [id])),
        ]
    }
}

/// A new order as it goes into the table.
struct OrderDraft: Sendable {
    let id: OrderID
    let client: Int
    let category: String
    let description: String
    let city: String
    let contact: Contact
    let lifetimeMinutes: Int
    let place: Place?
    let renewedFrom: OrderID?
    /// The account of the ledger that its takes are paid to.
    let takings: UUID
}

/// How many orders somebody has made of late.
struct RecentOrders: Row {
    let count: Int
    /// Seconds until one more may be made, should there be too many.
    let wait: Double?

    init(_ row: inout RowReader) throws {
        count = try row.next()
        wait = try row.next()
    }
}
