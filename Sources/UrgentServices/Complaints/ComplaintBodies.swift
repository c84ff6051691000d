import JSON
import Values

/// A complaint by an executor of an order.
struct NewComplaintBody: Shaped {
    let order: String
    let reason: ComplaintReason
    let comment: String?

    static let shape = Shape<NewComplaintBody>(
        "UrgentNewComplaint", Self.init,
        Field("order_id", { $0.order }, .length(1...64), .example("Ab3_-xYz09Qw")),
        Field("complaint", { $0.reason }),
        Field("comment", { $0.comment }, .length(0...500), .multiline),
        ignoresUnknown: true)

    /// An empty comment is none.
    var keptComment: String? { comment?.isEmpty == true ? nil : comment }
}

struct ComplaintWritten: WireOutput {
    let id: Int

    static let shape = Shape<ComplaintWritten>(
        output: "UrgentComplaintWritten", Field("success", { _ in true }), Field("complaint_id", { $0.id }))
}
