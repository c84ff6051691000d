import JSON
import Postgres
import Service
import Values

/// The SQL of `tickets.categories`.
enum CategoryQueries {
    private static let columns: SQL = """
        c.id, c.created_at, c.updated_at, c.scope_type, c.scope_id, c.code, c.names, c.icon, c.color, c.sla_hours,
        c.auto_assign, c.is_system
        """

    static func category(_ id: ID<TicketCategory>) -> Statement<TicketCategory> {
        Statement("select \(columns) from tickets.categories c where c.id = \(id) and c.deleted_at is null")
    }

    static func lock(_ id: ID<TicketCategory>) -> Statement<TicketCategory> {
        Statement("select \(columns) from tickets.categories c where c.id = \(id) and c.deleted_at is null for update")
    }

    /// Those that hold on a path of scopes: of each code the innermost. Index `categories_code`.
    ///
    /// - Parameter type: of the innermost scope, whose usual categories hold where none of its own does.
    static func effective(_ type: ScopeType, on path: ScopePath, code: String? = nil) -> Statement<TicketCategory> {
        let named: SQL = code.map { "and c.code = \($0)" } ?? ""
        return Statement(
            """
            select distinct on (c.code) \(columns)
              from tickets.categories c
              left join unnest(\(path.map(\.type.name))::text[], \(path.compactMap(\.id))::uuid[])
                   with ordinality p(type, id, place) on p.type = c.scope_type and p.id = c.scope_id
             where c.deleted_at is null and (p.place is not null or (c.scope_type = \(type.name) and c.scope_id is null))
                   \(named)
             order by c.code, p.place nulls last
            """)
    }

    static func insert(_ category: TicketCategory) -> Command {
        Command(
            """
            insert into tickets.categories (id, created_at, updated_at, scope_type, scope_id, code, names, icon, color,
                sla_hours, auto_assign, is_system)
            values (\(category.id), \(category.createdAt), \(category.updatedAt), \(category.scope.type.name),
                \(category.scope.id), \(category.code), \(category.names), \(category.icon), \(category.color),
                \(category.slaHours), \(category.autoAssign), false)
            on conflict (scope_type, scope_id, code) where deleted_at is null do nothing
            """)
    }

    static func save(_ category: TicketCategory, at now: Instant) -> Command {
        Command(
            """
            update tickets.categories set updated_at = \(now), names = \(category.names), icon = \(category.icon),
                color = \(category.color), sla_hours = \(category.slaHours), auto_assign = \(category.autoAssign)
             where id = \(category.id)
            """)
    }

    static func delete(_ id: ID<TicketCategory>, at now: Instant) -> Command {
        Command("update tickets.categories set deleted_at = \(now), updated_at = \(now) where id = \(id)")
    }

    /// Index `tickets_category`.
    static func isUsed(_ id: ID<TicketCategory>) -> Statement<Bool> {
        Statement(
            """
            select exists (select from tickets.tickets t where t.category_id = \(id) and t.deleted_at is null
                and t.status in ('new', 'assigned', 'in_progress', 'waiting', 'review'))
            """)
    }

    static var samples: [StatementSample] {
        let now = Instant.distantPast
        let category = TicketCategory(
            id: .new(), createdAt: now, updatedAt: now, scope: .platform, code: "a", names: JSONText(trusted: Array("{}".utf8)),
            icon: nil, color: nil, slaHours: nil, autoAssign: true, isSystem: false)
        let path = [Scope("condo", .zero)]
        return [
            StatementSample("category", self.category(.new())), StatementSample("category, locked", lock(.new())),
            StatementSample("categories", effective("condo", on: path)),
            StatementSample("category by code", effective("condo", on: path, code: "a")),
            StatementSample("new category", insert(category)), StatementSample("saved category", save(category, at: now)),
            StatementSample("deleted category", delete(.new(), at: now)),
            StatementSample("used category", isUsed(.new())),
        ]
    }
}
