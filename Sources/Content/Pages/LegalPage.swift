import JSON
import Postgres
import Values

/// A page of law, or any other.
struct LegalPage: Sendable {
    let id: ID<LegalPage>
    let createdAt: Instant
    let updatedAt: Instant
    let product: String
    let locale: String
    var slug: String
    var title: String
    var content: String
    let type: PageType
    var excerpt: String?
    var seo: PageSEO
    var state: PageState
    var version: Int
}

enum PageType: String, WireEnum {
    case about
    case privacyPolicy = "privacy_policy"
    case termsOfService = "terms_of_service"
    case userAgreement = "user_agreement"
    case lawyerAgreement = "lawyer_agreement"
    case refundPolicy = "refund_policy"
    case cookiesPolicy = "cookies_policy"
    case custom
}

enum PageStatus: String, WireEnum {
    case draft, published, scheduled
}

/// The life of a page as a value: draft ⇄ published, draft → scheduled → published, scheduled → draft.
struct PageState: Equatable, Sendable {
    private(set) var status: PageStatus
    private(set) var publishedAt: Instant?
    private(set) var scheduledFor: Instant?

    init(status: PageStatus, publishedAt: Instant?, scheduledFor: Instant?) {
        self.status = status
        self.publishedAt = publishedAt
        self.scheduledFor = scheduledFor
    }

    static let draft = PageState(status: .draft, publishedAt: nil, scheduledFor: nil)

    mutating func publish(at now: Instant) throws(ContentProblem) {
        guard status != .published else { throw .invalidState }
        self = PageState(status: .published, publishedAt: now, scheduledFor: nil)
    }

    mutating func unpublish() throws(ContentProblem) {
        guard status != .draft else { throw .invalidState }
        self = .draft
    }

    mutating func schedule(for instant: Instant) throws(ContentProblem) {
        guard status == .draft else { throw .invalidState }
        self = PageState(status: .scheduled, publishedAt: nil, scheduledFor: instant)
    }
}

/// What search engines are told.
struct PageSEO: Shaped {
    let title: String?
    let description: String?
    let keywords: [String]

    static let shape = Shape<PageSEO>(
        "PageSEO", Self.init,
        Field("title", { $0.title }, .length(1...200)), Field("description", { $0.description }, .length(1...500)),
        Field("keywords", { $0.keywords }, .count(0...30), .each(.length(1...50)), default: { [] }))

    static let none = PageSEO(title: nil, description: nil, keywords: [])
}

extension LegalPage: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        product = try row.next()
        locale = try row.next()
        slug = try row.next()
        title = try row.next()
        content = try row.next()
        type = try row.next()
        excerpt = try row.next()
        seo = try row.document(.none)
        state = PageState(status: try row.next(), publishedAt: try row.next(), scheduledFor: try row.next())
        version = try row.next()
    }
}

extension LegalPage: WireOutput {
    static let shape = Shape<LegalPage>(
        output: "LegalPage",
        Field("id", { $0.id }), Field("product", { $0.product }), Field("locale", { $0.locale }),
        Field("slug", { $0.slug }), Field("title", { $0.title }),
        Field("content", { $0.content }, doc: "HTML of a short list of elements"),
        Field("pageType", { $0.type }), Field("excerpt", { $0.excerpt }), Field("seo", { $0.seo }),
        Field("status", { $0.state.status }), Field("publishedAt", { $0.state.publishedAt }),
        Field("scheduledFor", { $0.state.scheduledFor }), Field("version", { $0.version }),
        Field("createdAt", { $0.createdAt }), Field("updatedAt", { $0.updatedAt }))
}
