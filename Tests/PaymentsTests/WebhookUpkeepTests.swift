import Postgres
import Service
import Support
import Testing

@testable import Payments

@Suite struct WebhookUpkeepTests {
    /// What was carried out is let go of after 90 days; what was not stays, however old.
    @Test func oldEventsGoOnceTheyWereCarriedOut() async throws {
        try await withPayments { stage in
            for (name, count, status, days) in [("old", 1200, "processed", 91), ("ignored", 1, "ignored", 91), ("young", 1, "processed", 89), ("failed", 1, "failed", 400)] {
                try await stage.server.database.execute(
                    Command(
                        """
                        insert into payments.webhook_events (id, provider, event_id, type, body, status, received_at, processed_at)
                        select gen_random_uuid(), 'sandbox', \(name)::text || i, 'x', '{}', \(status),
                               now() - make_interval(days => \(days)::int),
                               case when \(status)::text in ('processed', 'ignored') then now() end
                          from generate_series(1, \(count)::int) i
                        """))
            }
            #expect(try await stage.module.inbox.clean() == 1201)
            let left = try await stage.server.database.all(Statement<String>("select event_id from payments.webhook_events order by 1"))
            #expect(left == ["failed1", "young1"])
            #expect(try await stage.module.inbox.clean() == 0)
        }
    }
}
