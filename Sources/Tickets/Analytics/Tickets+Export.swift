import Service
import Values

extension Tickets {
    /// What lies where the caller reads all tickets, the newest first, for a file.
    func export(
        _ filter: TicketFilter, for caller: Caller,
        taken: nonisolated(nonsending) @escaping @Sendable (_ rows: Int) async -> Void
    ) async throws -> Export<TicketView> {
        let user = try caller.user()
        let selection = TicketSelection(scope: try TicketScope(office: caller, scopes), filter: filter, now: clock.now())
        let rows = try await database.one(TicketQueries.count(selection, upTo: ExportLimit.counted))
        return try Export(rows: rows) { [database] (last: TicketView?, limit) in
            if last == nil { await taken(rows) }
            return try await database.all(TicketQueries.stretch(selection, before: last?.ticket.id, limit: limit))
                .map { $0.view(for: user) }
        }
    }
}

extension TicketView {
    /// A ticket as a line of a file.
    static let columns: [ExportColumn<TicketView>] = [
        ExportColumn("ticketNumber") { $0.ticket.number }, ExportColumn("createdAt") { $0.ticket.createdAt.description },
        ExportColumn("scopeType") { $0.ticket.scope.type.name },
        ExportColumn("scopeId") { $0.ticket.scope.id?.description }, ExportColumn("placeId") { $0.place?.id?.description },
        ExportColumn("category") { $0.ticket.category.code }, ExportColumn("priority") { $0.ticket.priority.rawValue },
        ExportColumn("status") { $0.ticket.state.status.rawValue }, ExportColumn("title") { $0.ticket.title },
        ExportColumn("requester") { $0.requester?.name }, ExportColumn("assignee") { $0.ticket.assignee?.name },
        ExportColumn("dueAt") { $0.ticket.state.dueAt?.description },
        ExportColumn("firstResponseAt") { $0.ticket.state.firstResponseAt?.description },
        ExportColumn("resolvedAt") { $0.ticket.state.resolvedAt?.description },
        ExportColumn("closedAt") { $0.ticket.state.closedAt?.description },
        ExportColumn("reopenedCount", isNumber: true) { $0.ticket.state.reopenedCount.description },
        ExportColumn("rating", isNumber: true) { $0.ticket.rating?.description },
    ]
}
