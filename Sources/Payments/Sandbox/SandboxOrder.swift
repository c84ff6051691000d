import JSON
import Postgres
import Values

/// An order in the memory of the sandbox, which plays somebody else's service.
struct SandboxOrder: Row {
    enum Status: String, CaseIterable { case open, paid, failed, cancelled }

    let id: String
    let attemptID: ID<PaymentAttempt>
    let amount: Money
    let status: Status
    let paid: Int64

    init(_ row: inout RowReader) throws {
        id = try row.next()
        attemptID = try row.next()
        amount = Money(minor: try row.next(), currency: try row.next())
        status = try row.next()
        paid = try row.next()
    }

    /// What it says of itself when asked.
    var answer: ProviderAnswer {
        switch status {
        case .open: .open
        case .paid: .paid(Money(minor: paid, currency: amount.currency))
        case .failed:
            .failed(PaymentFailure(code: "declined", message: "The sandbox's bank declined the payment, as you asked."))
        case .cancelled: .cancelled
        }
    }
}

/// What somebody chooses on the checkout page.
enum SandboxOutcome: String, WireEnum {
    case succeed, fail, cancel, stall
    case wrongAmount = "wrong_amount"

    /// How the order ends; nil for one that is left open.
    func decision(for order: SandboxOrder) -> (status: SandboxOrder.Status, paid: Int64)? {
        switch self {
        case .succeed: (.paid, order.amount.minor)
        case .wrongAmount: (.paid, order.amount.minor > 1 ? order.amount.minor - 1 : 2)
        case .fail: (.failed, 0)
        case .cancel: (.cancelled, 0)
        case .stall: nil
        }
    }
}
