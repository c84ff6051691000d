import JSON
import Postgres
import Service
import Values

extension WebhooksModule {
    /// Others' programs were told of people; what was told is kept for 90 days. What is over goes with the person; what is still to
    /// be sent is sent, that he is gone among it, and goes in its time.
    package var personalData: [PersonalData] {
        [PersonalData("webhooks", in: database, export: PersonalQueries.told, erase: { [PersonalQueries.forget($0)] })]
    }
}

/// The SQL of what messages keep of people. Index `deliveries_mentioned_idx`.
enum PersonalQueries {
    /// What others' programs were told of him, the newest; of an address the host alone, since the rest is its owner's.
    static func told(_ user: UUID) -> Statement<JSONText> {
        Statement(
            """
            select coalesce(jsonb_agg(to_jsonb(x) order by x."toldAt" desc), '[]') from (
                select d.event, d.created_at as "toldAt", d.status, substring(e.url from '^[a-z]+://([^/?#]+)') as receiver,
                    d.body::jsonb -> 'data' as data
                  from webhooks.deliveries d join webhooks.endpoints e on e.id = d.endpoint_id
                 where webhooks.mentioned(d.body) @> array[\(user)::uuid] order by d.id desc limit 1000) x
            """, .report)
    }

    static func forget(_ user: UUID) -> Command {
        Command(
            "delete from webhooks.deliveries where webhooks.mentioned(body) @> array[\(user)::uuid] and status <> 'pending'")
    }

    static var samples: [StatementSample] {
        [StatementSample("told of a person", told(.zero)), StatementSample("forgotten person", forget(.zero))]
    }
}
