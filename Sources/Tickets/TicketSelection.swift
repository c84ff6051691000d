import Postgres
import Service
import Values

/// Which tickets a list is about: what the caller may see, narrowed by what he asks for.
struct TicketSelection {
    let scope: TicketScope
    let filter: TicketFilter
    let now: Instant

    /// The where clause over `tickets.tickets t`. Only the conditions in use are written, so that each form gets the plan it
    /// deserves.
    var condition: SQL {
        var condition: SQL = "t.deleted_at is null and \(scope.condition)"
        if let type = filter.scopeType { condition = "\(condition) and t.scope_type = \(type)" }
        if let id = filter.scopeID { condition = "\(condition) and t.scope_id = \(id)" }
        if let status = filter.status { condition = "\(condition) and t.status = \(status)" }
        if let priority = filter.priority { condition = "\(condition) and t.priority = \(priority)" }
        if let category = filter.categoryID { condition = "\(condition) and t.category_id = \(category)" }
        if let assignee = filter.assigneeID { condition = "\(condition) and t.assignee_id = \(assignee)" }
        if let place = filter.placeID { condition = "\(condition) and t.place_id = \(place) and \(isNamed)" }
        if let requester = filter.requesterID {
            condition = "\(condition) and t.requester_id = \(requester) and \(isNamed)"
        }
        if let from = filter.from { condition = "\(condition) and t.created_at >= \(Instant(from))" }
        if let to = filter.to { condition = "\(condition) and t.created_at < \(Instant(to.adding(days: 1)))" }
        if let overdue = filter.overdue { condition = "\(condition) and (\(isOverdue)) = \(overdue)" }
        if let text = filter.q { condition = "\(condition) and t.search @@ plainto_tsquery('simple', \(text))" }
        return condition
    }

    /// A list narrowed to a person or a home would otherwise say who asked without his name.
    private var isNamed: SQL { "(not t.is_anonymous or t.requester_id = \(scope.user) or \(scope.isEntitled))" }

    var isOverdue: SQL {
        """
        t.status in ('new', 'assigned', 'in_progress', 'waiting', 'review') and coalesce(t.due_at < \(now), false)
        """
    }
}
