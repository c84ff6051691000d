import JSON
import Postgres
import Values

/// The SQL of reminders.
enum DunningQueries {
    private static let columns: SQL = "p.kind, p.steps, p.is_enabled"

    static func policies() -> Statement<DunningPolicy> {
        Statement("select \(columns) from invoices.dunning_policies p order by p.kind")
    }

    static func policy(_ kind: String) -> Statement<DunningPolicy> {
        Statement("select \(columns) from invoices.dunning_policies p where p.kind = \(kind)")
    }

    /// One who changes the policy of a kind after the other, also while there is none.
    static func lock(_ kind: String) -> Statement<Bool> {
        let key = "invoices.dunning:\(kind)"
        return Statement("select pg_advisory_xact_lock(hashtextextended(\(key)::text, 0)) is not null")
    }

    static func save(_ policy: DunningPolicy, at now: Instant) -> Command {
        Command(
            """
            insert into invoices.dunning_policies (kind, updated_at, steps, is_enabled)
            values (\(policy.kind), \(now), \(JSONText(encoding: policy.steps)), \(policy.isEnabled))
            on conflict (kind) do update set updated_at = excluded.updated_at, steps = excluded.steps,
                is_enabled = excluded.is_enabled
            """)
    }

    /// Open invoices of a kind whose step has come, at eight in the issuer's zone, and not more than three days ago: whoever
    /// switches a policy on reminds nobody of what is long past. Index `invoices_dunning`.
    static func due(_ kind: String, day: Int, at now: Instant, limit: Int) -> Statement<DueInvoice> {
        Statement(
            """
            select \(InvoiceQueries.columns), (\(now) at time zone i.time_zone)::date from invoices.invoices i
             where i.kind = \(kind) and i.status in ('issued', 'partially_paid', 'overdue')
               and i.due_on between (\(now) at time zone 'UTC')::date - \(day)::int - 4
                   and (\(now) at time zone 'UTC')::date - \(day)::int + 1
               and i.due_on + \(day)::int between ((\(now) at time zone i.time_zone) - interval '8 hours')::date - 3
                   and ((\(now) at time zone i.time_zone) - interval '8 hours')::date
               and not exists (
                   select from invoices.dunning_events e where e.invoice_id = i.id and e.day = \(day)::int)
             order by i.due_on, i.id limit \(limit) for update of i skip locked
            """)
    }

    static func sent(_ step: DunningStep, of ids: [ID<Invoice>], at now: Instant) -> Command {
        Command(
            """
            insert into invoices.dunning_events (invoice_id, day, channel, sent_at)
            select x.id, \(step.day)::int, \(step.channel)::text, \(now) from unnest(\(ids)) x(id) on conflict do nothing
            """)
    }

    /// Index `invoices_reminder`.
    static func toRemind(at now: Instant, limit: Int) -> Statement<DueInvoice> {
        Statement(
            """
            select \(InvoiceQueries.columns), (\(now) at time zone i.time_zone)::date from invoices.invoices i
             where i.status in ('issued', 'partially_paid', 'overdue') and i.next_reminder_at <= \(now)
             order by i.next_reminder_at, i.id limit \(limit) for update of i skip locked
            """)
    }

    /// The next one a week later at the same hour of the issuer's zone; what was missed meanwhile is not made up for.
    static func reminded(_ ids: [ID<Invoice>], at now: Instant) -> Command {
        Command(
            """
            update invoices.invoices i
               set next_reminder_at = ((i.next_reminder_at at time zone i.time_zone)
                   + (1 + floor(extract(epoch from \(now) - i.next_reminder_at) / 604800))::int * interval '7 days')
                   at time zone i.time_zone
             where i.id = any(\(ids))
            """)
    }

    /// Those of these users who may sign in, also before they have confirmed their address.
    static func readers(_ users: [UUID]) -> Statement<InvoiceReader> {
        Statement("select u.id, u.email, u.locale from identity.users u where u.id = any(\(users)) and u.status in ('pending', 'active')")
    }

    static var samples: [StatementSample] {
        let now = Instant.distantPast
        let step = DunningStep(day: 3, channel: .email, template: .invoiceReminder)
        return [
            StatementSample("dunning policies", policies()), StatementSample("dunning policy", policy("a")),
            StatementSample("dunning policy, locked", lock("a")),
            StatementSample("saved dunning policy", save(.proposed("a"), at: now)),
            StatementSample("invoices to dun", due("a", day: 3, at: now, limit: 1)),
            StatementSample("dunned", sent(step, of: [.new()], at: now)),
            StatementSample("invoices to remind of", toRemind(at: now, limit: 1)),
            StatementSample("reminded", reminded([.new()], at: now)), StatementSample("debtors", readers([.zero])),
        ]
    }
}
