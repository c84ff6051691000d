import JSON

struct StaffReviewQuery: Shaped {
    let status: ReviewStatus?
    let rating: Int?
    let executor: Int?
    let client: Int?
    let limit: Int
    let offset: Int

    static let shape = Shape<StaffReviewQuery>(
        "UrgentStaffReviewQuery", Self.init,
        Field("status", { $0.status }), Field("rating", { $0.rating }, .range(1...5)),
        Field("executor_id", { $0.executor }), Field("client_id", { $0.client }),
        Field("limit", { $0.limit }, .listLimit, default: { 50 }),
        Field("offset", { $0.offset }, .listOffset, default: { 0 }), ignoresUnknown: true)

    var slice: Slice { Slice(limit: limit, offset: offset) }
    var condition: ReviewCondition {
        ReviewCondition(status: status, rating: rating, client: client, executor: executor)
    }
}

/// A review as staff see it.
struct StaffReviewView: WireOutput {
    let review: ClientReview

    static let shape = Shape<StaffReviewView>(
        output: "UrgentStaffReview",
        Field("id", { $0.review.id }), Field("author_name", { $0.review.client.shownName }),
        Field("rating", { $0.review.rating }), Field("comment", { $0.review.comment }),
        Field("category", { $0.review.order.category }), Field("created_at", { $0.review.createdAt }),
        Field("order_id", { $0.review.order.id }), Field("description", { $0.review.order.description }),
        Field("contact", { $0.review.order.contact }), Field("city", { $0.review.order.city }),
        Field("executor_id", { $0.review.executor.id }), Field("executor_name", { $0.review.executor.shownName }),
        Field("status", { $0.review.status }), Field("client_id", { $0.review.client.id }),
        Field("moderated_by", { $0.review.moderation.by }), Field("moderated_at", { $0.review.moderation.at }),
        Field("moderation_reason", { $0.review.moderation.reason }))
}
