import JSON
import Values

struct StaffOrderQuery: Shaped {
    let status: StatusWish?
    let city: String?
    let category: String?
    let client: Int?
    let text: String?
    let from: DayOrInstant?
    let to: DayOrInstant?
    let limit: Int
    let offset: Int

    static let shape = Shape<StaffOrderQuery>(
        "UrgentStaffOrderQuery", Self.init,
        Field("status", { $0.status }), Field("city", { $0.city }), Field("category", { $0.category }),
        Field("client_id", { $0.client }), Field("q", { $0.text }, .length(3...100), doc: "In the description or the contact"),
        Field("from", { $0.from }, doc: "A day of Moscow or an instant"), Field("to", { $0.to }, doc: "A day, which is included, or an instant"),
        Field("limit", { $0.limit }, .listLimit, default: { 50 }),
        Field("offset", { $0.offset }, .listOffset, default: { 0 }), ignoresUnknown: true)

    var slice: Slice { Slice(limit: limit, offset: offset) }

    var condition: StaffOrderCondition {
        var condition = StaffOrderCondition(client: client, text: text, from: from?.start, to: to?.end)
        if case .one(let status) = status { condition.status = status }
        // Empty is absent, as in the public list.
        condition.city = city?.isEmpty == true ? nil : city
        condition.category = category?.isEmpty == true ? nil : category
        return condition
    }
}

struct ClosingBody: Shaped {
    let reason: String
    let isRefunding: Bool

    static let shape = Shape<ClosingBody>(
        "UrgentClosing", Self.init, Field("reason", { $0.reason }, .length(3...500), .multiline, .example("Asked for by the customer")),
        Field("refund", { $0.isRefunding }, default: { true }, doc: "Executors get back what they paid"), ignoresUnknown: true)
}

struct OrderRefundBody: Shaped {
    let reason: String
    let executor: Int?

    static let shape = Shape<OrderRefundBody>(
        "UrgentOrderRefund", Self.init, Field("reason", { $0.reason }, .length(3...500), .multiline, .example("Asked for by the customer")),
        Field("executor_id", { $0.executor }, doc: "All who took it when left out"), ignoresUnknown: true)
}

struct OrderRefundView: WireOutput {
    let refunded: Int
    let amount: Int

    static let shape = Shape<OrderRefundView>(
        output: "UrgentOrderRefunded", Field("success", { _ in true }),
        Field("refunded", { $0.refunded }, doc: "How many takes"), Field("amount", { $0.amount }, doc: "Roubles in all"))
}

/// An order as staff see it: the contract's object with the customer's id, and the contact.
struct StaffOrderView: JSONWritable, SchemaDescribed, Sendable {
    let order: Order
    let viewer: Viewer

    func write(to writer: inout JSONWriter) {
        let bytes = JSONText(encoding: OrderView(order, for: viewer, showsContact: true)).bytes
        // The object is left open for one member more.
        bytes.withUnsafeBytes { writer.write(raw: UnsafeRawBufferPointer(rebasing: $0.dropLast())) }
        writer.member("client_id", order.client)
        writer.endObject()
    }

    static var schema: Schema { extended([]) }

    /// The members of an order and those that come after them.
    static func extended(_ more: [(name: String, schema: Schema)]) -> Schema {
        let added = [("client_id", Int.schema)] + more.map { ($0.name, $0.schema) }
        return .object(
            OrderView.shape.schema.properties + added.map { Schema.Property(name: $0, schema: $1, isRequired: true) })
    }
}

/// An order with all that hangs on it.
struct StaffOrderDetails: JSONWritable, SchemaDescribed, Sendable {
    let order: StaffOrderView
    let client: Profile
    let takes: [StaffTake]
    let movements: [Movement]
    let reviews: [ClientReview]
    let complaints: [Complaint]

    func write(to writer: inout JSONWriter) {
        let bytes = JSONText(encoding: order).bytes
        bytes.withUnsafeBytes { writer.write(raw: UnsafeRawBufferPointer(rebasing: $0.dropLast())) }
        writer.member("client", client)
        writer.member("takes", takes)
        writer.member("transactions", movements)
        writer.member("reviews", reviews.map(StaffReviewView.init))
        writer.member("complaints", complaints.map(ComplaintView.init))
        writer.endObject()
    }

    static var schema: Schema {
        StaffOrderView.extended([
            ("client", Profile.schema), ("takes", [StaffTake].schema), ("transactions", [Movement].schema),
            ("reviews", [StaffReviewView].schema), ("complaints", [ComplaintView].schema),
        ])
    }
}

extension StaffTake: WireOutput {
    static let shape = Shape<StaffTake>(
        output: "UrgentStaffTake",
        Field("id", { $0.id }), Field("executor_id", { $0.executor.id }), Field("executor_name", { $0.executor.shownName }),
        Field("cost", { $0.cost }, doc: "Roubles"), Field("taken_at", { $0.takenAt }), Field("refunded_at", { $0.refundedAt }))
}
