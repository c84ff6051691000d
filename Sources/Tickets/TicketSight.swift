import Identity
import Postgres
import Service
import Values

/// What a caller may know of one ticket.
struct TicketSight: Sendable {
    let isRequester: Bool
    let isAssignee: Bool
    /// Decides about tickets of its scope.
    let isStaff: Bool
    /// May learn who asked without his name.
    let isEntitledToNames: Bool

    /// Sees what staff tell each other.
    var isInside: Bool { isStaff || isAssignee }

    /// In which parts the caller acts on it.
    var sides: Set<TicketSide> {
        var sides: Set<TicketSide> = []
        if isRequester { sides.insert(.requester) }
        if isAssignee { sides.insert(.assignee) }
        if isStaff { sides.insert(.staff) }
        return sides
    }

    /// The side that history and comments name: whoever works on it does so as staff, his own ticket excepted.
    var side: TicketSide { isRequester && !isStaff ? .requester : .staff }
}

/// Which tickets a caller may see in lists.
struct TicketScope: Sendable {
    let user: UUID
    /// Over the table `t`.
    let condition: SQL
    /// Of a row of `t`: the caller decides about it.
    let isStaff: SQL
    /// Of a row of `t`: the caller may learn who asked without his name.
    let isEntitled: SQL

    /// What he opened or works on, what was opened about his places, and what lies where he reads all.
    ///
    /// Throws 401 for a guest.
    init(of caller: Caller, _ scopes: ScopeTree, _ profiles: TicketProfiles) throws {
        let user = try caller.user()
        // A locked office has no list, and its staff their own tickets all the same.
        let office = try? caller.extent(of: .supportRead)
        let home = try? caller.extent(of: .supportCreate)
        let places = profiles.all.compactMap(\.placeType).flatMap { home?.ids(of: $0) ?? [] }
        var condition: SQL = "t.requester_id = \(user) or t.assignee_id = \(user)"
        if !places.isEmpty { condition = "\(condition) or t.place_id = any(\(places))" }
        if let office, !office.isEmpty { condition = "\(condition) or \(scopes.condition(within: office, of: "t"))" }
        self.user = user
        self.condition = "(\(condition))"
        isStaff = Self.flag(.supportUpdate, caller, scopes)
        isEntitled = Self.flag(.supportManage, caller, scopes)
    }

    /// What lies where the caller reads all tickets; refuses whoever does so nowhere.
    init(office caller: Caller, _ scopes: ScopeTree) throws {
        user = try caller.user()
        condition = scopes.condition(within: try caller.reach(.supportRead), of: "t")
        isStaff = Self.flag(.supportUpdate, caller, scopes)
        isEntitled = Self.flag(.supportManage, caller, scopes)
    }

    private static func flag(_ permission: Permission, _ caller: Caller, _ scopes: ScopeTree) -> SQL {
        guard let reach = try? caller.extent(of: permission), !reach.isEmpty else { return "false" }
        return scopes.condition(within: reach, of: "t")
    }
}

/// A row of a list with what the caller may know of it.
struct SeenTicket: Row {
    let ticket: Ticket
    let isStaff: Bool
    let isEntitled: Bool

    init(_ row: inout RowReader) throws {
        isStaff = try row.next()
        isEntitled = try row.next()
        ticket = try Ticket(&row)
    }

    func view(for user: UUID) -> TicketView {
        TicketView(
            ticket: ticket,
            sight: TicketSight(
                isRequester: ticket.requester.id == user, isAssignee: ticket.assignee?.id == user, isStaff: isStaff,
                isEntitledToNames: isEntitled))
    }
}
