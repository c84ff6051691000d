import JSON
import Postgres
import Service
import Values

extension SubscriptionsModule {
    /// What somebody has subscribed to himself. What was paid for stays, without the words that he gave as his reason; what still
    /// runs ends with his account and asks for no further money.
    package var personalData: [PersonalData] {
        [
            PersonalData("subscriptions") { [door] user in
                try await door.database.one(PersonalQueries.subscriptions(user))
            } erase: { [door] user in
                try await door.part(with: user)
            }
        ]
    }
}

enum PersonalQueries {
    /// Amounts in minor units. Index `subscriptions_subscriber`.
    static func subscriptions(_ user: UUID) -> Statement<JSONText> {
        Statement(
            """
            select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]') from (
                select s.id, s.created_at as "createdAt", s.product, p.name as plan, s.cycle, s.amount, s.currency, s.status,
                    s.period_start_at as "periodStartAt", s.period_end_at as "periodEndAt", s.auto_renew as "autoRenew",
                    s.cancelled_at as "cancelledAt", s.cancel_reason as "cancelReason",
                    (select coalesce(jsonb_agg(jsonb_build_object('at', c.at, 'change', c.change, 'reason',
                            case when c.actor_id = \(user) then c.reason end) order by c.id), '[]')
                       from subscriptions.changes c where c.subscription_id = s.id) as changes
                  from subscriptions.subscriptions s join subscriptions.plans p on p.id = s.plan_id
                 where s.subscriber_type = 'user' and s.subscriber_id = \(user)
                 order by s.id desc limit 1000) x
            """, .report)
    }

    /// Those of his own that run. Index `subscriptions_subscriber`.
    static func running(of user: UUID) -> Statement<ID<Subscription>> {
        Statement(
            """
            select id from subscriptions.subscriptions
             where subscriber_type = 'user' and subscriber_id = \(user)
               and status in ('pending', 'trialing', 'active', 'past_due') order by id
            """)
    }

    static func forgetReasons(of user: UUID) -> Command {
        Command(
            """
            update subscriptions.subscriptions set cancel_reason = null
             where subscriber_type = 'user' and subscriber_id = \(user) and cancel_reason is not null
            """)
    }

    /// Index `changes_actor`.
    static func forgetWords(of user: UUID) -> Command {
        Command("update subscriptions.changes set reason = null where actor_id = \(user) and reason is not null")
    }

    static var samples: [StatementSample] {
        [
            StatementSample("personal: subscriptions", subscriptions(.zero)),
            StatementSample("personal: running", running(of: .zero)),
            StatementSample("personal: forget reasons", forgetReasons(of: .zero)),
            StatementSample("personal: forget words", forgetWords(of: .zero)),
        ]
    }
}
