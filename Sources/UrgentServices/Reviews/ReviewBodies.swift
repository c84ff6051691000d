import JSON
import Service
import Values

/// A rating by the customer of an order.
struct NewReviewBody: Shaped {
    let order: String
    let rating: Int
    let comment: String?
    let executor: Int?

    static let shape = Shape<NewReviewBody>(
        "UrgentNewReview", Self.init,
        Field("order_id", { $0.order }, .length(1...64), .example("Ab3_-xYz09Qw")),
        Field("rating", { $0.rating }, .range(1...5)),
        Field("comment", { $0.comment }, .length(0...500), .multiline),
        Field("executor_id", { $0.executor }, doc: "The chosen executor when left out, else the first who took the order"),
        ignoresUnknown: true)

    /// As it is kept: an empty comment is none.
    var normalised: NewReviewBody {
        NewReviewBody(order: order, rating: rating, comment: comment?.isEmpty == true ? nil : comment, executor: executor)
    }
}

/// What a rating has become.
struct ReviewWritten: WireOutput {
    let id: Int

    static let shape = Shape<ReviewWritten>(
        output: "UrgentReviewWritten", Field("success", { _ in true }), Field("review_id", { $0.id }))
}

/// The query of the public list.
struct ReviewQuery: Shaped, Hashable {
    let rating: Int?
    let mine: Flag
    let aboutMe: Flag
    let executor: Int?
    let from: DayOrInstant?
    let to: DayOrInstant?
    let limit: Int
    let offset: Int

    static let shape = Shape<ReviewQuery>(
        "UrgentReviewQuery", Self.init,
        Field("rating", { $0.rating }, .range(1...5)),
        Field("mine", { $0.mine }, default: { .no }, doc: "Those that the caller has received as an executor"),
        Field("about_me", { $0.aboutMe }, default: { .no }, doc: "Those that the caller has written; with mine both"),
        Field("executor_id", { $0.executor }),
        Field("date_from", { $0.from }, doc: "A date (Moscow time) or an instant"),
        Field("date_to", { $0.to }, doc: "A date, which is included, or an instant"),
        Field("limit", { $0.limit }, .range(1...100), default: { 50 }),
        Field("offset", { $0.offset }, .range(0...1_000_000_000), default: { 0 }),
        ignoresUnknown: true)

    var slice: Slice { Slice(limit: limit, offset: offset) }

    /// What the caller may see of it: visible reviews, his own where he asks for them.
    func condition(for viewer: Viewer) throws -> ReviewCondition {
        var condition = ReviewCondition(
            status: .visible, rating: rating, executor: executor, from: from?.start, to: to?.end)
        guard mine.isSet || aboutMe.isSet else { return condition }
        guard let reader = viewer.id else { throw UrgentProblem.notAuthenticated }
        switch (mine.isSet, aboutMe.isSet) {
        case (true, true): condition.about = reader
        case (true, false):
            // Received by him and about somebody else is nobody's.
            if let executor, executor != reader { condition.client = 0 }
            condition.executor = reader
        default: condition.client = reader
        }
        return condition
    }
}

struct ReviewCheckQuery: Shaped {
    let order: String

    static let shape = Shape<ReviewCheckQuery>(
        "UrgentReviewCheckQuery", Self.init, Field("order_id", { $0.order }, .length(1...64)), ignoresUnknown: true)
}

/// Whether the caller has said what he has to say of an order, and which of the two it was.
struct ReviewCheck: WireOutput {
    enum Kind: String, WireEnum { case review, complaint }

    let said: Kind?

    init(_ said: SaidOfOrder) { self.said = said.hasReview ? .review : said.hasComplaint ? .complaint : nil }

    static let shape = Shape<ReviewCheck>(
        output: "UrgentReviewCheck", Field("submitted", { $0.said != nil }), Field("type", { $0.said }))
}

/// A review as one reader sees it.
struct ReviewView: WireOutput {
    let review: ClientReview
    let viewer: Viewer
    /// Contacts inside of the description are hidden from strangers.
    let masks: Bool

    /// His own side of it, or staff: he learns who the executor is.
    private var isInside: Bool { review.order.isOfReader || viewer.isStaff }

    static let shape = Shape<ReviewView>(
        output: "UrgentReview",
        Field("id", { $0.review.id }),
        Field("author_name", { $0.review.client.shownName }, doc: "First name of the customer who wrote it"),
        Field("rating", { $0.review.rating }),
        Field("comment", { $0.review.comment }),
        Field("category", { $0.review.order.category }),
        Field("created_at", { $0.review.createdAt }),
        Field("order_id", { $0.review.order.id }),
        Field("description", { $0.masks && !$0.isInside ? ContactMask.masked($0.review.order.description) : $0.review.order.description }),
        Field("contact", { $0.review.order.isOfReader ? $0.review.order.contact : nil }, doc: "For the order's own people"),
        Field("city", { $0.review.order.city }),
        Field("executor_id", { $0.isInside ? $0.review.executor.id : 0 }, doc: "0 for strangers"),
        Field("executor_name", { $0.review.executor.shownName }))
}
