import JSON
import Service
import Values

struct NewReviewBody: Shaped {
    let subjectType: String
    let subjectID: UUID
    let basisID: UUID?
    let rating: Int
    let title: String?
    let text: String?
    let fileIDs: [UUID]

    static let shape = Shape<NewReviewBody>(
        "NewReview", Self.init,
        Field("subjectType", { $0.subjectType }, .length(1...40), .example("library")),
        Field("subjectId", { $0.subjectID }),
        Field("basisId", { $0.basisID }, doc: "The order or visit it is about, where the product asks for it"),
        Field("rating", { $0.rating }, .range(1...5)),
        Field("title", { $0.title }, .length(1...150)),
        Field("text", { $0.text }, .length(1...2000), .multiline),
        Field("fileIds", { $0.fileIDs }, .count(0...5), .distinct(), default: { [] }, doc: reviewFilesDoc))

    var subject: Scope { Scope(ScopeType(subjectType), subjectID) }
}

private let reviewFilesDoc = "Own pictures, uploaded with the purpose review_picture"

struct ChangedReviewBody: Shaped {
    let rating: Patch<Int>
    let title: Patch<String?>
    let text: Patch<String?>
    let fileIDs: Patch<[UUID]>

    static let shape = Shape<ChangedReviewBody>(
        "ChangedReview", Self.init,
        Field("rating", { $0.rating }, .range(1...5)),
        Field("title", { $0.title }, .length(1...150)),
        Field("text", { $0.text }, .length(1...2000), .multiline),
        Field("fileIds", { $0.fileIDs }, .count(0...5), .distinct(), doc: "All that it has then; what is left out goes"))
}

struct ReviewReplyBody: Shaped {
    let text: String

    static let shape = Shape<ReviewReplyBody>(
        "ReviewReply", Self.init, Field("text", { $0.text }, .length(1...2000), .multiline))
}

struct HiddenReviewBody: Shaped {
    let reason: String

    static let shape = Shape<HiddenReviewBody>(
        "HiddenReview", Self.init, Field("reason", { $0.reason }, .length(1...500), .multiline))
}

struct ReviewFilter: Shaped {
    let subjectType: String?
    let subjectID: UUID?
    let rating: Int?
    let mine: Bool
    let hidden: Bool

    static let shape = Shape<ReviewFilter>(
        "ReviewFilter", Self.init,
        Field("subjectType", { $0.subjectType }, .length(1...40)),
        Field("subjectId", { $0.subjectID }),
        Field("rating", { $0.rating }, .range(1...5)),
        Field("mine", { $0.mine }, default: { false }, doc: "One's own, hidden ones too"),
        Field("hidden", { $0.hidden }, default: { false }, doc: "For moderators: those that are hidden"),
        check: { filter in
            let isWhole = (filter.subjectType == nil) == (filter.subjectID == nil)
            return isWhole && (filter.mine || filter.subjectID != nil)
                ? [] : [FieldError(field: "subjectId", code: "required", message: "Name the subject by type and id.")]
        })

    var subject: Scope? { subjectType.map { Scope(ScopeType($0), subjectID) } }
}

struct ReviewSubjectQuery: Shaped {
    let subjectType: String
    let subjectID: UUID

    static let shape = Shape<ReviewSubjectQuery>(
        "ReviewSubjectQuery", Self.init,
        Field("subjectType", { $0.subjectType }, .length(1...40)), Field("subjectId", { $0.subjectID }))

    var subject: Scope { Scope(ScopeType(subjectType), subjectID) }
}

/// A review as one caller sees it.
struct ReviewView: WireOutput {
    let review: Review
    /// The author himself, or a moderator.
    let isInside: Bool

    static let shape = Shape<ReviewView>(
        output: "Review",
        Field("id", { $0.review.id }), Field("subjectType", { $0.review.subject.type.name }),
        Field("subjectId", { $0.review.subject.id }), Field("author", { $0.review.authorName }, doc: "First name and initial"),
        Field("rating", { $0.review.rating }), Field("title", { $0.review.title }), Field("text", { $0.review.text }),
        Field("fileIds", { $0.review.fileIDs }, doc: "Pictures: GET /files/{id}/content, for everybody who sees the review"),
        Field("isVerified", { $0.review.isVerified }, doc: "It rests on an order or visit that took place"),
        Field("helpfulCount", { $0.review.helpfulCount }), Field("reply", { $0.review.reply }, doc: "Of the subject's side"),
        Field("repliedAt", { $0.review.repliedAt }), Field("status", { $0.review.status }),
        Field("moderationReason", { $0.review.moderationReason }, when: { $0.isInside }, doc: "For the author and moderators"),
        Field("createdAt", { $0.review.createdAt }), Field("updatedAt", { $0.review.updatedAt }))
}

/// What others may hear of a review: `review.changed`, `.hidden`, `.restored`, with what the subject comes to now.
struct ReviewNews: WireOutput {
    let subject: Scope
    let summary: ReviewSummary

    static let shape = Shape<ReviewNews>(
        output: "ReviewNews",
        Field("subjectType", { $0.subject.type.name }), Field("subjectId", { $0.subject.id }),
        Field("count", { $0.summary.count }), Field("mean", { $0.summary.mean }))
}
