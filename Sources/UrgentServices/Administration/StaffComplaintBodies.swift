import JSON

/// How staff decide on a complaint.
struct ResolutionBody: Shaped {
    enum Decision: String, WireEnum {
        case accepted, rejected

        var status: ComplaintStatus { self == .accepted ? .accepted : .rejected }
    }

    let decision: Decision
    let isRefunding: Bool
    let isBlocking: Bool
    let reason: String

    static let shape = Shape<ResolutionBody>(
        "UrgentResolution", Self.init,
        Field("decision", { $0.decision }),
        Field("refund", { $0.isRefunding }, default: { false }, doc: "The executor gets back what he paid"),
        Field("block_client", { $0.isBlocking }, default: { false }),
        Field("reason", { $0.reason }, .length(3...500), .multiline, .example("Asked for by the customer")), ignoresUnknown: true)
}

struct StaffComplaintQuery: Shaped {
    let status: ComplaintStatus?
    let client: Int?
    let executor: Int?
    let limit: Int
    let offset: Int

    static let shape = Shape<StaffComplaintQuery>(
        "UrgentStaffComplaintQuery", Self.init,
        Field("status", { $0.status }), Field("client_id", { $0.client }), Field("executor_id", { $0.executor }),
        Field("limit", { $0.limit }, .listLimit, default: { 50 }),
        Field("offset", { $0.offset }, .listOffset, default: { 0 }), ignoresUnknown: true)

    var slice: Slice { Slice(limit: limit, offset: offset) }
    var condition: ComplaintCondition { ComplaintCondition(status: status, client: client, executor: executor) }
}

/// A complaint as staff see it, with the order that it is about.
struct ComplaintView: WireOutput {
    let complaint: Complaint

    static let shape = Shape<ComplaintView>(
        output: "UrgentComplaint",
        Field("id", { $0.complaint.id }), Field("order_id", { $0.complaint.order.id }),
        Field("executor_id", { $0.complaint.executor.id }), Field("executor_name", { $0.complaint.executor.shownName }),
        Field("client_id", { $0.complaint.client.id }), Field("client_name", { $0.complaint.client.shownName }),
        Field("complaint", { $0.complaint.reason }), Field("complaint_code", { $0.complaint.reason.rawValue }),
        Field("comment", { $0.complaint.comment }), Field("status", { $0.complaint.status }),
        Field("resolution_note", { $0.complaint.resolution.note }), Field("refunded", { $0.complaint.resolution.isRefunded }),
        Field("resolved_by", { $0.complaint.resolution.by }), Field("resolved_at", { $0.complaint.resolution.at }),
        Field("created_at", { $0.complaint.createdAt }), Field("order", { OrderSummary(order: $0.complaint.order) }))

    struct OrderSummary: WireOutput {
        let order: ComplainedOrder

        static let shape = Shape<OrderSummary>(
            output: "UrgentOrderSummary",
            Field("id", { $0.order.id }), Field("category", { $0.order.category }), Field("city", { $0.order.city }),
            Field("description", { $0.order.description }), Field("status", { $0.order.status }))
    }
}
