import JSON
import Postgres
import Values

/// What tickets come to over a time.
struct TicketFigures: WireOutput {
    let totals: TicketTotals
    let groups: [TicketGroup]

    private func shares(_ kind: TicketGroup.Kind) -> [TicketShare] {
        groups.filter { $0.kind == kind }.map { TicketShare(key: $0.key, name: $0.name, count: $0.count) }
    }

    private var assignees: [AssigneeFigures] {
        groups.filter { $0.kind == .assignee }.compactMap { group in
            UUID(group.key).map { id in
                AssigneeFigures(
                    assignee: TicketPerson(id: id, name: group.name ?? ""), count: group.count, open: group.open,
                    rating: group.rating)
            }
        }
    }

    private var trend: [TicketDayFigures] {
        groups.filter { $0.kind == .day }.sorted { $0.key < $1.key }.compactMap { group in
            Day(group.key).map { TicketDayFigures(day: $0, opened: group.count) }
        }
    }

    static let shape = Shape<TicketFigures>(
        output: "TicketAnalytics",
        Field("total", { $0.totals.total }), Field("open", { $0.totals.open }), Field("overdue", { $0.totals.overdue }),
        Field("byStatus", { $0.shares(.status) }), Field("byPriority", { $0.shares(.priority) }),
        Field("byCategory", { $0.shares(.category) }),
        Field("firstResponse", { $0.totals.firstResponse }, doc: "Mean hours from opening to the first answer"),
        Field("resolution", { $0.totals.resolution }, doc: "Mean hours from opening to being resolved"),
        Field("slaCompliance", { $0.totals.compliance }, doc: "Percent of those with a deadline that did not miss it"),
        Field("satisfaction", { $0.totals.satisfaction }, doc: "Mean of the stars"),
        Field("ratings", { $0.totals.ratings }, doc: "How many were rated"),
        Field("byAssignee", { $0.assignees }), Field("trend", { $0.trend }, doc: "Opened by day, UTC; days without are left out"))
}

struct TicketShare: WireOutput {
    let key: String
    let name: String?
    let count: Int

    static let shape = Shape<TicketShare>(
        output: "TicketShare", Field("key", { $0.key }), Field("name", { $0.name }), Field("count", { $0.count }))
}

struct AssigneeFigures: WireOutput {
    let assignee: TicketPerson
    let count: Int
    let open: Int
    let rating: Percent?

    static let shape = Shape<AssigneeFigures>(
        output: "TicketAssigneeFigures",
        Field("assignee", { $0.assignee }), Field("count", { $0.count }), Field("open", { $0.open }),
        Field("rating", { $0.rating }, doc: "Mean of the stars"))
}

struct TicketDayFigures: WireOutput {
    let day: Day
    let opened: Int

    static let shape = Shape<TicketDayFigures>(
        output: "TicketDayFigures", Field("day", { $0.day }), Field("opened", { $0.opened }))
}

struct TicketTotals: Row {
    let total: Int
    let open: Int
    let overdue: Int
    let firstResponse: Percent?
    let resolution: Percent?
    let compliance: Percent?
    let satisfaction: Percent?
    let ratings: Int

    init(_ row: inout RowReader) throws {
        total = try row.next()
        open = try row.next()
        overdue = try row.next()
        firstResponse = try row.next()
        resolution = try row.next()
        compliance = try row.next()
        satisfaction = try row.next()
        ratings = try row.next()
    }
}

/// One line of one of the groupings.
struct TicketGroup: Row {
    enum Kind: String, CaseIterable { case status, priority, category, assignee, day }

    let kind: Kind
    let key: String
    let name: String?
    let count: Int
    let open: Int
    let rating: Percent?

    init(_ row: inout RowReader) throws {
        kind = try row.next()
        key = try row.next()
        name = try row.next()
        count = try row.next()
        open = try row.next()
        rating = try row.next()
    }
}

extension TicketQueries {
    static func totals(_ selection: TicketSelection) -> Statement<TicketTotals> {
        Statement(
            """
            select count(*), count(*) filter (where t.closed_at is null and t.resolved_at is null),
                   count(*) filter (where \(selection.isOverdue)),
                   (avg(extract(epoch from t.first_response_at - t.created_at)) / 3600)::numeric(16,2),
                   (avg(extract(epoch from t.resolved_at - t.created_at)) / 3600)::numeric(16,2),
                   (100.0 * count(*) filter (where t.due_at is not null and t.sla_breached_at is null)
                       / nullif(count(*) filter (where t.due_at is not null), 0))::numeric(5,2),
                   avg(t.rating)::numeric(5,2), count(t.rating)
              from tickets.tickets t where \(selection.condition)
            """, .report)
    }

    /// One pass for all groupings (manual, 7.2.4).
    static func groups(_ selection: TicketSelection) -> Statement<TicketGroup> {
        Statement(
            """
            select g.kind, g.key,
                   case g.kind when 'category' then (select c.names ->> 'en' from tickets.categories c where c.id = g.key::uuid)
                               when 'assignee' then (select identity.name_of(u) from identity.users u where u.id = g.key::uuid)
                   end, g.count, g.open, g.rating
              from (
                select case when grouping(t.status) = 0 then 'status' when grouping(t.priority) = 0 then 'priority'
                            when grouping(t.category_id) = 0 then 'category' when grouping(t.assignee_id) = 0 then 'assignee'
                            else 'day' end as kind,
                       coalesce(t.status, t.priority, t.category_id::text, t.assignee_id::text,
                                ((t.created_at at time zone 'UTC')::date)::text) as key,
                       count(*) as count, count(*) filter (where t.closed_at is null and t.resolved_at is null) as open,
                       avg(t.rating)::numeric(5,2) as rating
                  from tickets.tickets t where \(selection.condition)
                 group by grouping sets ((t.status), (t.priority), (t.category_id), (t.assignee_id),
                                         ((t.created_at at time zone 'UTC')::date))
              ) g
             where g.key is not null
             order by g.kind, g.count desc, g.key
            """, .report)
    }
}
