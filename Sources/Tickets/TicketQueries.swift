import Postgres
import Service
import Values

/// The SQL that changes tickets; lists and reads stand in `TicketQueries+Reads.swift`.
enum TicketQueries {
    /// What `Ticket` reads, in its order; of `tables`.
    static let columns: SQL = """
        t.id, t.created_at, t.updated_at, t.number, t.scope_type, t.scope_id, t.place_type, t.place_id, t.requester_id,
        identity.name_of(r), t.is_anonymous, t.category_id, c.code, c.names, t.title, t.description, t.priority,
        t.assignee_id, (select identity.name_of(a) from identity.users a where a.id = t.assignee_id), t.status,
        t.assigned_at, t.auto_assigned, t.moved_at, t.due_at, t.first_response_at, t.sla_breached_at, t.resolution,
        t.resolved_at, t.closed_at, t.reopened_count, t.tags, t.source, t.rating, t.feedback, t.file_ids
        """

    static let tables: SQL = """
        tickets.tickets t join identity.users r on r.id = t.requester_id
            join tickets.categories c on c.id = t.category_id
        """

    /// What one requester does at once is done one after the other.
    static func lockRequester(_ user: UUID) -> Statement<Bool> {
        Statement("select pg_advisory_xact_lock(hashtextextended('tickets.requester:' || \(user)::text, 0)) is not null")
    }

    /// Two assignments in a scope see what the other has given away.
    static func lockAssignment(in scope: Scope) -> Statement<Bool> {
        let name = "tickets.assign:\(scope.type.name):\(scope.id?.description ?? "")"
        return Statement("select pg_advisory_xact_lock(hashtextextended(\(name)::text, 0)) is not null")
    }

    /// The next number of a series. The counter's row stays locked until the transaction ends, and a rollback gives the
    /// number back.
    static func nextNumber(_ series: String, year: Int) -> Statement<Int> {
        Statement(
            """
            insert into tickets.counters as c (series, year, value) values (\(series), \(year), 1)
            on conflict (series, year) do update set value = c.value + 1
            returning c.value
            """)
    }

    static func insert(_ new: NewTicket, number: String, at now: Instant) -> Command {
        Command(
            """
            insert into tickets.tickets (id, created_at, updated_at, number, scope_type, scope_id, place_type, place_id,
                requester_id, is_anonymous, category_id, title, description, priority, status, assignee_id, assigned_at,
                auto_assigned, tags, source, moved_at, due_at, file_ids)
            values (\(new.id), \(now), \(now), \(number), \(new.scope.type.name), \(new.scope.id),
                \(new.place?.type.name), \(new.place?.id), \(new.requester), \(new.isAnonymous), \(new.category),
                \(new.title), \(new.description), \(new.priority), \(new.state.status), \(new.state.assignee),
                \(new.state.assignedAt), \(new.state.isAutoAssigned), \(new.tags), \(new.source), \(new.state.movedAt),
                \(new.state.dueAt), \(new.fileIDs))
            """)
    }

    static func save(_ state: TicketState, of id: ID<Ticket>, at now: Instant) -> Command {
        Command(
            """
            update tickets.tickets set updated_at = \(now), status = \(state.status), assignee_id = \(state.assignee),
                assigned_at = \(state.assignedAt), auto_assigned = \(state.isAutoAssigned), moved_at = \(state.movedAt),
                due_at = \(state.dueAt), first_response_at = \(state.firstResponseAt),
                sla_breached_at = \(state.breachedAt), resolution = \(state.resolution),
                resolved_at = \(state.resolvedAt), closed_at = \(state.closedAt), reopened_count = \(state.reopenedCount)
             where id = \(id)
            """)
    }

    static func change(_ id: ID<Ticket>, _ revision: TicketRevision, at now: Instant) -> Command {
        Command(
            """
            update tickets.tickets set updated_at = \(now), title = \(revision.title),
                description = \(revision.description), priority = \(revision.priority),
                category_id = \(revision.category), tags = \(revision.tags), due_at = \(revision.dueAt)
             where id = \(id)
            """)
    }

    static func rate(_ id: ID<Ticket>, _ rating: Int, feedback: String?, at now: Instant) -> Command {
        Command(
            """
            update tickets.tickets set rating = \(rating), feedback = \(feedback), updated_at = \(now) where id = \(id)
            """)
    }

    static func delete(_ id: ID<Ticket>, at now: Instant) -> Command {
        Command("update tickets.tickets set deleted_at = \(now), updated_at = \(now) where id = \(id)")
    }

    static func insert(_ comment: NewComment, at now: Instant) -> Command {
        Command(
            """
            insert into tickets.comments (id, created_at, ticket_id, author_id, author_side, text, is_internal, file_ids)
            values (\(comment.id), \(now), \(comment.ticket), \(comment.author), \(comment.side), \(comment.text),
                \(comment.isInternal), \(comment.fileIDs))
            """)
    }

    static func insert(_ event: NewTicketEvent, at now: Instant) -> Command {
        Command(
            """
            insert into tickets.events (id, ticket_id, event, from_value, to_value, actor_id, actor_side, note, at)
            values (\(UUID.v7()), \(event.ticket), \(event.kind), \(event.from), \(event.to), \(event.actor),
                \(event.side), \(event.note), \(now))
            """)
    }

    // MARK: Who is to do it

    /// Of these, whoever has the fewest open tickets, and of those who has been given none for longest. Index
    /// `tickets_assignee`.
    static func leastBusy(of users: [UUID]) -> Statement<UUID> {
        Statement(
            """
            select s.id from unnest(\(users)) s(id)
             cross join lateral (
                select count(*) filter (where t.status in ('new', 'assigned', 'in_progress', 'waiting', 'review')) as open,
                       max(t.assigned_at) as last
                  from tickets.tickets t where t.assignee_id = s.id and t.deleted_at is null
             ) w
             order by w.open, w.last nulls first, s.id limit 1
            """)
    }

    /// Of these users, the active ones with one of these roles on the scope or above it; on the platform's tickets, there.
    static func staff(of users: [UUID], roles: [String], on path: ScopePath) -> Statement<UUID> {
        Statement(
            """
            select u.id from identity.users u
             where u.id = any(\(users)) and u.status = 'active' and exists (
                select from identity.grants g
                 where g.user_id = u.id and g.revoked_at is null and g.role = any(\(roles)) and \(lying(on: path)))
             order by u.id
            """)
    }

    /// The active holders of a role on the scope or above it. Indexes `grants_role_idx`, `grants_scope_idx`.
    static func holders(of roles: [String], on path: ScopePath) -> Statement<UUID> {
        Statement(
            """
            select distinct u.id from identity.grants g join identity.users u on u.id = g.user_id
             where g.revoked_at is null and g.role = any(\(roles)) and u.status = 'active' and \(lying(on: path))
             order by u.id limit 50
            """)
    }

    private static func lying(on path: ScopePath) -> SQL {
        if path.isEmpty { return "g.scope_type = 'platform'" }
        return """
            (g.scope_type, g.scope_id) in (
                select p.type, p.id from unnest(\(path.map(\.type.name))::text[], \(path.compactMap(\.id))::uuid[]) p(type, id))
            """
    }
}
