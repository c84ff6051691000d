import JSON
import Postgres
import Values

/// A movement of somebody's balance, as the ledger has it.
struct Movement: Row, Sendable {
    /// Of the ledger's entry.
    let id: Int
    let user: Int
    let kind: MovementType
    /// Whole roubles, below zero for what was taken.
    let amount: Int
    let balanceAfter: Int
    let order: String?
    /// The number that clients know of the payment.
    let payment: Int?
    private let method: String?
    let externalID: String?
    let description: String
    /// Who of the staff did it.
    let by: Int?
    let at: Instant

    init(_ row: inout RowReader) throws {
        id = try row.next()
        user = try row.next()
        kind = try row.next()
        amount = try row.next()
        balanceAfter = try row.next()
        order = try row.next()
        payment = try row.next()
        method = try row.next()
        externalID = try row.next()
        description = try row.next()
        by = try row.next()
        at = try row.next()
    }
}

extension Movement: WireOutput {
    var paidBy: String? { kind.paid(by: method) }

    static let shape = Shape<Movement>(
        output: "UrgentMovement",
        Field("id", { $0.id }), Field("user_id", { $0.user }), Field("type", { $0.kind }), Field("amount", { $0.amount }),
        Field("balance_after", { $0.balanceAfter }), Field("order_id", { $0.order }), Field("payment_id", { $0.payment }),
        Field("payment_method", { $0.paidBy }), Field("external_transaction_id", { $0.externalID }),
        Field("description", { $0.description.isEmpty ? nil : $0.description }), Field("created_by", { $0.by }),
        Field("created_at", { $0.at }))
}
