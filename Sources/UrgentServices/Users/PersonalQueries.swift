import JSON
import Postgres
import Service
import Values

/// What the board keeps of people, for copies and erasure.
enum PersonalQueries {
    /// Whom the account is on the board, and under `earlier` whom it was by Telegrams that it has no more. Indexes
    /// `users_of_account`, `orders_of_client`, `executor_takes_of_executor`, `client_reviews_of_client`,
    /// `executor_complaints_of_executor`.
    static func copy(of account: UUID) -> Statement<JSONText> {
        Statement(
            """
            with people as (select u.left_at, jsonb_build_object(
                'id', u.id, 'username', u.username, 'firstName', u.first_name, 'lastName', u.last_name,
                'language', u.language_code, 'role', u.role, 'createdAt', u.created_at, 'lastSeenAt', u.last_seen_at,
                'notificationsEnabled', u.notifications_enabled, 'categories', u.subscribed_categories,
                'cities', u.subscribed_cities,
                'orders', (select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'createdAt', o.created_at, 'category', o.category,
                        'city', o.city, 'description', o.description, 'contact', o.contact, 'status', o.status)
                        order by o.created_at), '[]') from urgent.orders o where o.client_id = u.id),
                'takes', (select coalesce(jsonb_agg(jsonb_build_object('orderId', t.order_id, 'takenAt', t.taken_at, 'cost', t.cost,
                        'refundedAt', t.refunded_at) order by t.id), '[]') from urgent.executor_takes t where t.executor_id = u.id),
                'reviews', (select coalesce(jsonb_agg(jsonb_build_object('orderId', r.order_id, 'rating', r.rating,
                        'comment', r.comment, 'createdAt', r.created_at) order by r.id), '[]')
                    from urgent.client_reviews r where r.client_id = u.id),
                'complaints', (select coalesce(jsonb_agg(jsonb_build_object('orderId', c.order_id, 'complaint', c.complaint,
                        'comment', c.comment, 'createdAt', c.created_at) order by c.id), '[]')
                    from urgent.executor_complaints c where c.executor_id = u.id)) as person
              from urgent.users u where u.account_id = \(account))
            select coalesce((select p.person from people p where p.left_at is null), '{}')
                || coalesce((select jsonb_build_object('earlier', jsonb_agg(p.person order by p.left_at))
                               from people p where p.left_at is not null having count(*) > 0), '{}')
            """, .report)
    }

    /// Orders stay with the money that was paid for them, without what tells whose they were.
    static func erase(_ account: UUID) -> [Command] {
        [
            Command(
                """
                update urgent.orders o
                   set contact = 'deleted', contact_key = 'deleted', latitude = null, longitude = null,
                       description = 'Удалено вместе с аккаунтом.'
                  from urgent.users u where u.account_id = \(account) and o.client_id = u.id and o.status <> 'active'
                """),
            Command(
                """
                update urgent.client_reviews r set comment = null
                  from urgent.users u where u.account_id = \(account) and r.client_id = u.id
                """),
            Command(
                """
                update urgent.executor_complaints c set comment = null
                  from urgent.users u where u.account_id = \(account) and c.executor_id = u.id
                """),
            Command(
                """
                update urgent.users
                   set username = null, first_name = '', last_name = null, language_code = null, allows_write_to_pm = null,
                       notifications_enabled = false, subscribed_categories = '{}', subscribed_cities = '{}', role = 'user',
                       updated_at = now()
                 where account_id = \(account)
                """),
        ]
    }

    /// While an order of his is active, somebody may be on his way; until it is booked as ended it is not erased.
    static func vetoes(_ account: UUID) -> Statement<String> {
        Statement(
            """
            select distinct 'urgent_order_active' from urgent.users u
             where u.account_id = \(account) and exists (
                select from urgent.orders o where o.client_id = u.id and o.status = 'active')
            """)
    }

    static var samples: [StatementSample] {
        [StatementSample("urgent: personal copy", copy(of: .zero)), StatementSample("urgent: vetoes", vetoes(.zero))]
            + erase(.zero).enumerated().map { StatementSample("urgent: erase \($0.offset)", $0.element) }
    }
}
