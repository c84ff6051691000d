import JSON
import Postgres
import Values

/// A question and its answer.
struct Faq: Sendable {
    let id: ID<Faq>
    let createdAt: Instant
    let updatedAt: Instant
    let product: String
    let locale: String
    var question: String
    var answer: String
    var category: String
    var displayOrder: Int
    var status: ContentStatus
    let viewCount: Int
    let helpfulCount: Int
    let notHelpfulCount: Int
}

extension Faq: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        product = try row.next()
        locale = try row.next()
        question = try row.next()
        answer = try row.next()
        category = try row.next()
        displayOrder = try row.next()
        status = try row.next()
        viewCount = try row.next()
        helpfulCount = try row.next()
        notHelpfulCount = try row.next()
    }
}

extension Faq: WireOutput {
    static let shape = Shape<Faq>(
        output: "Faq",
        Field("id", { $0.id }), Field("product", { $0.product }), Field("locale", { $0.locale }),
        Field("question", { $0.question }), Field("answer", { $0.answer }, doc: "HTML of a short list of elements"),
        Field("category", { $0.category }), Field("displayOrder", { $0.displayOrder }), Field("status", { $0.status }),
        Field("viewCount", { $0.viewCount }), Field("helpfulCount", { $0.helpfulCount }),
        Field("notHelpfulCount", { $0.notHelpfulCount }), Field("createdAt", { $0.createdAt }),
        Field("updatedAt", { $0.updatedAt }))
}

struct NewFaqBody: Shaped {
    let product: String
    let locale: String
    let question: String
    let answer: String
    let category: String
    let displayOrder: Int
    let status: ContentStatus

    static let shape = Shape<NewFaqBody>(
        "NewFaq", Self.init,
        Field("product", { $0.product }, ContentNames.product, default: { "platform" }),
        Field("locale", { $0.locale }, ContentNames.locale, default: { "en" }),
        Field("question", { $0.question }, .length(1...500)),
        Field("answer", { $0.answer }, .length(1...10_000), .multiline),
        Field("category", { $0.category }, .length(1...50)),
        Field("displayOrder", { $0.displayOrder }, .range(0...100_000), default: { 0 }),
        Field("status", { $0.status }, default: { .active }))
}

struct ChangedFaqBody: Shaped {
    let question: Patch<String>
    let answer: Patch<String>
    let category: Patch<String>
    let displayOrder: Patch<Int>
    let status: Patch<ContentStatus>

    static let shape = Shape<ChangedFaqBody>(
        "ChangedFaq", Self.init,
        Field("question", { $0.question }, .length(1...500)),
        Field("answer", { $0.answer }, .length(1...10_000), .multiline),
        Field("category", { $0.category }, .length(1...50)),
        Field("displayOrder", { $0.displayOrder }, .range(0...100_000)),
        Field("status", { $0.status }))
}

struct FaqFeedbackBody: Shaped {
    let helpful: Bool

    static let shape = Shape<FaqFeedbackBody>("FaqFeedback", Self.init, Field("helpful", { $0.helpful }))
}

/// The filters of the list that everybody reads.
struct FaqFilter: Shaped {
    let product: String
    let locale: String?
    let category: String?

    static let shape = Shape<FaqFilter>(
        "FaqFilter", Self.init,
        Field("product", { $0.product }, ContentNames.product, default: { "platform" }),
        Field("locale", { $0.locale }, ContentNames.locale),
        Field("category", { $0.category }, .length(1...50)))
}
