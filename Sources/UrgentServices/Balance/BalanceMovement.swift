import JSON
import Postgres
import Values

/// What has moved a balance (spec A.3).
enum MovementType: String, WireEnum {
    case recharge
    case orderTake = "order_take"
    case refund, adjustment
    case paymentRefund = "payment_refund"

    /// As the ledger calls its transactions.
    var kinds: [String] {
        switch self {
        case .recharge: ["payment", "wallet_filling"]
        case .orderTake: ["urgent_take"]
        case .refund: ["urgent_refund"]
        case .paymentRefund: ["payment_refund"]
        case .adjustment: ["adjustment"]
        }
    }

    /// Over `payments.transactions t`: those of this type. Whatever else moves a wallet is a correction to its owner.
    var condition: SQL {
        if self != .adjustment { return "t.kind = any(\(kinds)::text[])" }
        return "t.kind <> all(\(Self.allCases.filter { $0 != .adjustment }.flatMap(\.kinds))::text[])"
    }

    init(kind: String) { self = Self.allCases.first { $0.kinds.contains(kind) } ?? .adjustment }

    /// By what money came or went (spec 2.4): by the invoice's method, `admin` where staff have moved it. Money without an invoice
    /// was given by nobody outside (`dev`).
    func paid(by method: String?) -> String? {
        switch self {
        case .recharge: method ?? "dev"
        case .paymentRefund: method
        case .adjustment: "admin"
        case .orderTake, .refund: nil
        }
    }
}

/// One movement of a balance, as the ledger has it; in whole roubles.
struct BalanceMovement: Row, WireOutput {
    let id: Int
    let type: MovementType
    /// Below zero for what was taken.
    let amount: Int
    let balanceAfter: Int
    let order: String?
    let payment: Int?
    private let method: String?
    let description: String?
    let at: Instant

    init(_ row: inout RowReader) throws {
        id = try row.next()
        type = MovementType(kind: try row.next())
        amount = try row.next()
        balanceAfter = try row.next()
        order = try row.next()
        payment = try row.next()
        method = try row.next()
        description = try row.next()
        at = try row.next()
    }

    var paidBy: String? { type.paid(by: method) }

    static let shape = Shape<BalanceMovement>(
        output: "UrgentTransaction",
        Field("id", { $0.id }),
        Field("type", { $0.type }),
        Field("amount", { $0.amount }, doc: "Below zero for what was taken"),
        Field("balance_after", { $0.balanceAfter }),
        Field("order_id", { $0.order }),
        Field("payment_id", { $0.payment }),
        Field("payment_method", { $0.paidBy }),
        Field("description", { $0.description }),
        Field("created_at", { $0.at }))
}

/// A stretch of somebody's movements.
struct MovementsView: WireOutput {
    let rows: [BalanceMovement]
    let total: Int

    static let shape = Shape<MovementsView>(
        output: "UrgentTransactions", Field("transactions", { $0.rows }), Field("total", { $0.total }))
}

/// Which movements are asked for.
struct MovementQuery: Shaped {
    let type: MovementType?
    let limit: Int
    let offset: Int

    static let shape = Shape<MovementQuery>(
        "UrgentTransactionQuery", Self.init,
        Field("type", { $0.type }),
        Field("limit", { $0.limit }, .range(1...100), default: { 50 }),
        Field("offset", { $0.offset }, .range(0...1_000_000_000), default: { 0 }),
        ignoresUnknown: true)

    var slice: Slice { Slice(limit: limit, offset: offset) }
}
