import JSON
import Postgres
import Values

/// What one night's comparison has found.
struct Reconciliation: Row {
    /// Or `ledger`, for the book compared with itself.
    let provider: String
    let day: Day
    let createdAt: Instant
    let checked: Int
    let matched: Int
    let differences: JSONText

    init(_ row: inout RowReader) throws {
        provider = try row.next()
        day = try row.next()
        createdAt = try row.next()
        checked = try row.next()
        matched = try row.next()
        differences = try row.next()
    }
}

extension Reconciliation: WireOutput {
    static let shape = Shape<Reconciliation>(
        output: "Reconciliation",
        Field("provider", { $0.provider }, doc: "Or ledger, for the book compared with itself"),
        Field("day", { $0.day }),
        Field("checked", { $0.checked }),
        Field("matched", { $0.matched }),
        Field("differences", { $0.differences }, doc: "Each with its kind, what it is about, and both sides; at most 500"),
        Field("createdAt", { $0.createdAt }))
}

struct ReconciliationFilter: Shaped {
    let provider: String?
    let from: Day?
    let to: Day?

    static let shape = Shape<ReconciliationFilter>(
        "ReconciliationFilter", Self.init,
        Field("provider", { $0.provider }, .length(1...30)), Field("from", { $0.from }), Field("to", { $0.to }))
}

/// Where two sides do not agree.
struct Difference: Equatable, Sendable, WireOutput {
    enum Kind: String, WireEnum {
        /// They have money of which we know nothing.
        case missingHere = "missing_here"
        /// We have booked what they do not have.
        case missingThere = "missing_there"
        case amount
        case refunded
        /// The book does not add up.
        case account, transaction
    }

    let kind: Kind
    /// Our reference, or the provider's order.
    let subject: String
    let ours: String?
    let theirs: String?

    static let shape = Shape<Difference>(
        output: "Difference",
        Field("kind", { $0.kind }), Field("subject", { $0.subject }), Field("ours", { $0.ours }), Field("theirs", { $0.theirs }))
}

/// A payment as we have booked it, for the comparison.
struct BookedPayment: Row {
    let reference: String
    let orderID: String
    let paymentID: String?
    let amount: Money
    let refunded: Int64
    let isPaid: Bool
    /// Old enough for both sides to have it.
    let isSettled: Bool

    init(reference: String, orderID: String, paymentID: String?, amount: Money, refunded: Int64, isPaid: Bool, isSettled: Bool) {
        self.reference = reference
        self.orderID = orderID
        self.paymentID = paymentID
        self.amount = amount
        self.refunded = refunded
        self.isPaid = isPaid
        self.isSettled = isSettled
    }

    init(_ row: inout RowReader) throws {
        reference = try row.next()
        orderID = try row.next()
        paymentID = try row.next()
        amount = Money(minor: try row.next(), currency: try row.next())
        refunded = try row.next()
        isPaid = try row.next()
        isSettled = try row.next()
    }
}
