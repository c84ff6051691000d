import Identity
import Jobs
import Postgres
import Service

/// The board of urgent orders.
package struct UrgentServicesModule: Module {
    package let name = "urgent"
    package let doors: UrgentDoors

    package init(_ doors: UrgentDoors) { self.doors = doors }

    package var operations: [Operation] {
        let board = [BoardRoot.operation] + PlaceOperations.all + UserOperations.all(doors.users) + OrderOperations.all(doors.orders)
            + TakeOperations.all(doors.takes) + BalanceOperations.all(doors.recharges)
            + WebhookOperations.all(doors.partners.inbox, doors.partners.bots, bot: "urgent")
            + PushOperations.all(doors.partners.notifications)
            + doors.opinions.operations + doors.staff.operations
        let orders = doors.orders
        return board.map { operation in
            let operation = operation.speaking(doors.dialect).moved(from: UrgentSettings.prefix.fallback, to: doors.prefix)
            // Whoever has changed something sees it in the list that he asks for next.
            return operation.method == .get ? operation : operation.afterwards(in: doors.database) { orders.feeds.forget() }
        }
    }

    package var queues: [Queue] { [Queue("urgent", concurrency: 4), NoticeJobs.queue] }
    package var jobs: [JobType] { ClockJobs.all(OrderTimer(orders: doors.orders)) + NoticeJobs.all(doors.digests, doors.news) + doors.staff.jobs }
    package var eventHandlers: [EventHandler] { [doors.news.handler] + doors.staff.handlers }
    package var schedules: [Schedule] { ClockJobs.schedules(every: doors.timerSeconds) + NoticeJobs.schedules + UpkeepJobs.schedules }

    package var personalData: [PersonalData] {
        [
            PersonalData(
                "urgent", in: doors.database, export: PersonalQueries.copy, erase: PersonalQueries.erase,
                vetoes: PersonalQueries.vetoes)
        ]
    }

    package static var statements: [StatementSample] {
        UserQueries.samples + PersonalQueries.samples + OrderQueries.samples + OrderQuery.samples + InvoiceQueries.samples
            + BalanceQueries.samples + NewsQueries.samples
            + OpinionDoors.samples + StaffDoors.samples
            + TakeQueries.samples
    }

    /// The accounts are there that takes are paid to, those whom the settings name are administrators, and what is known of
    /// callers is forgotten when it changes.
    package func start() async throws {
        try await doors.ledger.open(Takings.accounts)
        // What other instances change is in the next list, too.
        doors.orders.events.hear { [feeds = doors.orders.feeds] in feeds.forget() }
        try await doors.database.execute(UserQueries.promote(doors.admins))
        doors.identity.observe { [authenticator = doors.authenticator] in authenticator.forget($0) }
    }
}
