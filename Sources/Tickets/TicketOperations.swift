import Identity
import JSON
import Service
import Values

/// How tickets are reached.
enum TicketOperations {
    private static let base = "/api/v1/tickets"
    private static let tag = "Tickets"

    static func all(_ module: TicketsModule) -> [Operation] { reads(module) + writing(module) + talking(module) }

    private static func reads(_ module: TicketsModule) -> [Operation] {
        let tickets = module.tickets
        return [
            .list(
                base, "listTickets", "Tickets that the caller may see", tag: tag, who: .signedIn, filter: TicketFilter.self,
                item: TicketView.self, sort: TicketQueries.sortable, totals: TicketCounts.schema, totalsName: "counts"
            ) { call, filter, page in
                let scope = try TicketScope(of: call.caller, tickets.scopes, tickets.profiles)
                let selection = TicketSelection(scope: scope, filter: filter, now: call.now)
                let rows = try await tickets.database.all(TicketQueries.page(selection, page))
                let counts = TicketCounts(try await tickets.database.all(TicketQueries.counts(selection)))
                return Page(rows.map { $0.view(for: scope.user) }, total: counts.total, totals: counts)
            }.described("What one opened, what was opened about one's places, what one works on, and what lies where one holds support:read."),
            .get(
                base + "/analytics", "getTicketAnalytics", "Figures of tickets", tag: tag,
                who: .permission(.supportRead), query: TicketFilter.self, answer: TicketFigures.self
            ) { call, filter in
                let scope = try TicketScope(office: call.caller, tickets.scopes)
                let selection = TicketSelection(scope: scope, filter: filter, now: call.now)
                return TicketFigures(
                    totals: try await tickets.database.one(TicketQueries.totals(selection)),
                    groups: try await tickets.database.all(TicketQueries.groups(selection)))
            },
            .export(
                base + "/export", "exportTickets", "Tickets as a file, the newest first", tag: tag,
                who: .permission(.supportRead), filter: TicketFilter.self, file: "tickets", columns: TicketView.columns
            ) { call, filter in
                try await tickets.export(filter, for: call.caller) { rows in
                    await module.trail?.record(
                        "tickets_exported", "ticket", nil, product: "tickets", in: filter.scope ?? .platform,
                        details: [("rows", .number(Int64(rows)))], by: call)
                }
            },
            .get(
                base + "/{id}", "getTicket", "A ticket with what was said and done", tag: tag, who: .signedIn,
                answer: TicketDetail.self
            ) { call in
                try await tickets.detail(try call.id(), for: call.caller)
            },
        ]
    }

    private static func writing(_ module: TicketsModule) -> [Operation] {
        let tickets = module.tickets
        return [
            .post(
                base, "openTicket", "Ask staff for something", tag: tag, who: .signedIn,
                problems: [HouseProblem.forbidden], body: NewTicketBody.self, answer: TicketView.self, location: { "\(base)/\($0.ticket.id)" }
            ) { call, body in
                let (ticket, isNew) = try await tickets.open(body, by: call.caller)
                if !isNew { call.answerStatus = 200 }
                return try await tickets.view(ticket.id, for: call.caller)
            }.alsoAnswers(200).described("The same words again within a minute are answered 200 with the ticket that is there."),
            .patch(
                base + "/{id}", "changeTicket", "Change a ticket: its author his words, staff all of it", tag: tag,
                who: .signedIn, problems: [HouseProblem.forbidden], body: ChangedTicketBody.self, answer: TicketView.self
            ) { call, body in
                try await module.audited("ticket_changed", call) {
                    try await tickets.change(try call.id(), body, by: call.caller)
                }
            },
            .delete(
                base + "/{id}", "deleteTicket", "Delete a ticket", tag: tag, who: .permission(.supportManage)
            ) { call in
                try await tickets.database.transaction { _ in
                    let gone = try await tickets.delete(try call.id() as ID<Ticket>, by: call.caller)
                    await module.trail?.record(
                        "ticket_deleted", "ticket", gone.id.uuid, product: "tickets", in: gone.scope, by: call)
                }
            },
            .post(
                base + "/{id}/status", "moveTicket", "Bring a ticket to another status", tag: tag, who: .signedIn,
                problems: [TicketProblem.invalidTransition, HouseProblem.forbidden], body: MovedTicketBody.self, answer: TicketView.self, status: 200
            ) { call, body in
                try await module.audited("ticket_moved", call) {
                    try await tickets.move(try call.id(), body, by: call.caller)
                }
            }.described("Who may move it from where to where is said by the profile of its scope: requester, assignee or staff."),
            .post(
                base + "/{id}/assign", "assignTicket", "Give a ticket to somebody of the staff, or take it away", tag: tag,
                who: .permission(.supportUpdate),
                problems: [TicketProblem.notStaff, TicketProblem.nobodyFits, TicketProblem.invalidTransition],
                body: AssignedTicketBody.self, answer: TicketView.self, status: 200
            ) { call, body in
                try await module.audited("ticket_assigned", call) {
                    try await tickets.assign(try call.id(), body, by: call.caller)
                }
            },
        ]
    }

    private static func talking(_ module: TicketsModule) -> [Operation] {
        let tickets = module.tickets
        return [
            .feed(
                base + "/{id}/comments", "listTicketComments", "What was said on a ticket, the newest first", tag: tag,
                who: .signedIn, filter: Empty.self, item: CommentView.self
            ) { call, _, request in
                try await tickets.comments(try call.id(), request, for: call.caller)
            },
            .post(
                base + "/{id}/comments", "commentTicket", "Say something on a ticket", tag: tag, who: .signedIn,
                problems: [TicketProblem.ticketClosed, TicketProblem.invalidTransition, HouseProblem.forbidden],
                body: NewCommentBody.self,
                answer: CommentView.self
            ) { call, body in
                try await tickets.comment(try call.id(), body, by: call.caller)
            },
            .post(
                base + "/{id}/rate", "rateTicket", "Say how one found it: one to five stars", tag: tag, who: .signedIn,
                problems: [TicketProblem.ratingClosed, HouseProblem.forbidden], body: RatedTicketBody.self, answer: TicketView.self, status: 200
            ) { call, body in
                try await tickets.rate(try call.id(), body, by: call.caller)
            },
        ]
    }
}

extension TicketFilter {
    fileprivate var scope: Scope? { scopeType.map { Scope(ScopeType($0), scopeID) } }
}
