import Testing
import Values

@testable import Invoices

/// Every state × every event, against the table of 0-platform 4.7 and 1-condominiums 4.6.
@Suite struct InvoiceStateTests {
    static let before = Day(year: 2026, month: 7, day: 31)!
    static let due = Day(year: 2026, month: 8, day: 14)!
    static let after = Day(year: 2026, month: 8, day: 15)!

    enum Event: CaseIterable {
        case issue, cancel, payPart, payRest, giveBackPart, dayPasses, revise
    }

    static func state(_ status: InvoiceStatus) -> InvoiceState {
        let paid: Int64 =
            switch status {
            case .paid: 100
            case .partiallyPaid: 40
            case .draft, .issued, .overdue, .cancelled: 0
            }
        return InvoiceState(status: status, total: 100, paid: paid, dueOn: due)
    }

    static func apply(_ event: Event, to state: inout InvoiceState) throws {
        let today = state.status == .overdue ? after : before
        switch event {
        case .issue: try state.issue(today: today)
        case .cancel: try state.cancel()
        case .payPart: try state.take(10, today: today)
        case .payRest: try state.take(100 - state.paid, today: today)
        case .giveBackPart: try state.giveBack(10, today: today)
        case .dayPasses: state.refresh(today: after)
        case .revise: try state.revise(total: 120, dueOn: due, today: today)
        }
    }

    /// Nil: refused.
    static let table: [InvoiceStatus: [Event: InvoiceStatus]] = [
        .draft: [.issue: .issued, .cancel: .cancelled, .dayPasses: .draft, .revise: .draft],
        .issued: [
            .cancel: .cancelled, .payPart: .partiallyPaid, .payRest: .paid, .dayPasses: .overdue, .revise: .issued,
        ],
        .partiallyPaid: [
            .payPart: .partiallyPaid, .payRest: .paid, .giveBackPart: .partiallyPaid, .dayPasses: .overdue,
        ],
        .paid: [.giveBackPart: .partiallyPaid, .dayPasses: .paid],
        .overdue: [.cancel: .cancelled, .payPart: .overdue, .payRest: .paid, .dayPasses: .overdue, .revise: .overdue],
        .cancelled: [.dayPasses: .cancelled],
    ]

    @Test(arguments: InvoiceStatus.allCases) func everyEvent(in status: InvoiceStatus) {
        for event in Event.allCases {
            var state = Self.state(status)
            let expected = Self.table[status]?[event]
            do {
                try Self.apply(event, to: &state)
                #expect(state.status == expected, "\(status) × \(event)")
            } catch {
                #expect(expected == nil, "\(status) × \(event) was refused: \(error)")
                #expect(state == Self.state(status), "a refusal changes nothing")
            }
        }
    }

    @Test func refusalsSayWhy() throws {
        var paid = Self.state(.paid)
        #expect(throws: InvoiceProblem.amountExceedsBalance) { try paid.take(1, today: Self.before) }
        var partly = Self.state(.partiallyPaid)
        #expect(throws: InvoiceProblem.invoiceHasPayments) { try partly.cancel() }
        #expect(throws: InvoiceProblem.amountExceedsBalance) { try partly.take(61, today: Self.before) }
        #expect(throws: InvoiceProblem.amountExceedsBalance) { try partly.take(0, today: Self.before) }
        #expect(throws: InvoiceProblem.invalidState) { try partly.giveBack(41, today: Self.before) }
    }

    @Test func aDueDayIsTheLastGoodDay() throws {
        var state = InvoiceState.draft(total: 100, dueOn: Self.due)
        try state.issue(today: Self.due)
        #expect(state.status == .issued)
        state.refresh(today: Self.after)
        #expect(state.status == .overdue)
    }

    @Test func aRefundLeadsBackToWhatHolds() throws {
        var state = Self.state(.paid)
        try state.giveBack(100, today: Self.before)
        #expect(state.status == .issued)
        state = Self.state(.paid)
        try state.giveBack(30, today: Self.after)
        #expect(state.status == .overdue)
        #expect(state.balance == 30)
    }
}
