import JSON
import Postgres
import Service
import Values

/// What an executor asks for.
struct TakeWish {
    let order: OrderID
    let executor: Int
    /// The number of the movement that will pay for it.
    let transaction: UUID
}

/// What came of somebody's wish to take an order.
struct TakeOutcome: Row {
    /// `taken`, `repeated`, or the code of a refusal.
    let outcome: String
    let contact: String?
    let executors: Int
    /// Whole roubles.
    let balance: Int
    let charged: Int
    let takenAt: Instant?

    init(_ row: inout RowReader) throws {
        outcome = try row.next()
        contact = try row.next()
        executors = try row.next()
        balance = try row.next()
        charged = try row.next()
        takenAt = try row.next()
    }
}

/// What an executor is answered who has an order's contact now.
struct Take: WireOutput {
    let contact: String
    let executors: Int
    let balance: Int
    let charged: Int
    let takenAt: Instant

    static let shape = Shape<Self>(
        output: "UrgentTake",
        Field("success", { _ in true }),
        Field("contact", { $0.contact }),
        Field("executor_count", { $0.executors }),
        Field("new_balance", { $0.balance }, doc: "Whole roubles"),
        Field("charged", { $0.charged }, doc: "0 when it was taken before"),
        Field("taken_at", { $0.takenAt }))
}
