import Jobs
import Payments
import Postgres
import Service
import Values

/// The doors of the board's staff.
struct StaffDoors: Sendable {
    let book: StaffBook
    let reviews: StaffReviews
    let complaints: StaffComplaints
    let orders: StaffOrders
    let people: StaffPeople
    let money: StaffMoney
    let returns: PaymentReturns
    let statistics: Statistics
    let inspection: Inspection
    private let clock: Clock

    init(_ doors: UrgentDoors) {
        let opinions = doors.opinions
        let reach = doors.orders.terms.reach
        let movements = Movements(database: doors.database, reach: reach)
        book = StaffBook(database: doors.database, users: doors.users, audit: doors.identity.audit, reach: reach)
        reviews = StaffReviews(staff: book, reviews: opinions.reviews)
        orders = StaffOrders(
            staff: book, orders: doors.orders, reviews: opinions.reviews, complaints: opinions.complaints, movements: movements)
        people = StaffPeople(staff: book, orders: doors.orders, complaints: opinions.complaints, movements: movements)
        complaints = StaffComplaints(staff: book, complaints: opinions.complaints, orders: orders, people: people)
        money = StaffMoney(
            staff: book, wallets: Wallets(ledger: doors.ledger), movements: movements, events: doors.orders.events)
        returns = PaymentReturns(staff: book, payments: doors.partners.payments, events: doors.orders.events)
        statistics = Statistics(database: doors.database)
        inspection = Inspection(database: doors.database, notifications: doors.partners.notifications)
        clock = doors.partners.clock
    }

    var operations: [Operation] {
        StaffReportOperations.all(book, statistics) + StaffOrderOperations.all(orders) + StaffReviewOperations.all(reviews)
            + StaffComplaintOperations.all(complaints) + StaffPeopleOperations.all(people) + StaffMoneyOperations.all(money)
            + StaffPaymentOperations.all(returns)
    }

    var jobs: [JobType] { UpkeepJobs.all(inspection, clock) }
    var handlers: [EventHandler] { [returns.handler] }

    static var samples: [StatementSample] {
        StaffOrderQueries.samples + StaffPeopleQueries.samples + MovementQueries.samples + Deeds.samples
            + StatisticsQueries.samples + PaymentReturnQueries.samples + InspectionQueries.samples
    }
}

extension UrgentDoors {
    var staff: StaffDoors { StaffDoors(self) }
}
