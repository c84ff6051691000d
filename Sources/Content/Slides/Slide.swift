import Files
import JSON
import Postgres
import Values

/// What an audience is shown first.
struct Slide: Sendable {
    let id: ID<Slide>
    let createdAt: Instant
    let updatedAt: Instant
    let product: String
    let audience: String
    let locale: String
    var title: String
    var description: String
    var imageFileID: ID<StoredFile>?
    var buttonText: String
    var buttonAction: String?
    var displayOrder: Int
    var status: ContentStatus

    var imageURL: String? { imageFileID.map { "\(FileAddresses.base)/\($0)/content" } }
}

extension Slide: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        product = try row.next()
        audience = try row.next()
        locale = try row.next()
        title = try row.next()
        description = try row.next()
        imageFileID = try row.next()
        buttonText = try row.next()
        buttonAction = try row.next()
        displayOrder = try row.next()
        status = try row.next()
    }
}

extension Slide: WireOutput {
    static let shape = Shape<Slide>(
        output: "OnboardingSlide",
        Field("id", { $0.id }), Field("product", { $0.product }), Field("audience", { $0.audience }),
        Field("locale", { $0.locale }), Field("title", { $0.title }), Field("description", { $0.description }, doc: "Plain text"),
        Field("imageFileId", { $0.imageFileID }), Field("imageUrl", { $0.imageURL }, doc: "Below this server's address"),
        Field("buttonText", { $0.buttonText }), Field("buttonAction", { $0.buttonAction }),
        Field("displayOrder", { $0.displayOrder }), Field("status", { $0.status }), Field("createdAt", { $0.createdAt }),
        Field("updatedAt", { $0.updatedAt }))
}

struct NewSlideBody: Shaped {
    let product: String
    let audience: String
    let locale: String
    let title: String
    let description: String
    let imageFileID: ID<StoredFile>?
    let buttonText: String
    let buttonAction: String?
    let displayOrder: Int
    let status: ContentStatus

    static let shape = Shape<NewSlideBody>(
        "NewOnboardingSlide", Self.init,
        Field("product", { $0.product }, ContentNames.product, default: { "platform" }),
        Field("audience", { $0.audience }, .pattern("audience", example: "resident", ContentNames.isWord)),
        Field("locale", { $0.locale }, ContentNames.locale, default: { "en" }),
        Field("title", { $0.title }, .length(1...200)),
        Field("description", { $0.description }, .length(1...2000), .multiline),
        Field("imageFileId", { $0.imageFileID }, doc: "Uploaded by oneself, for the purpose `slide_image`"),
        Field("buttonText", { $0.buttonText }, .length(1...50)),
        Field("buttonAction", { $0.buttonAction }, .length(1...200), doc: "What the application does then"),
        Field("displayOrder", { $0.displayOrder }, .range(0...100_000), default: { 0 }),
        Field("status", { $0.status }, default: { .active }))
}

struct ChangedSlideBody: Shaped {
    let title: Patch<String>
    let description: Patch<String>
    let imageFileID: Patch<ID<StoredFile>?>
    let buttonText: Patch<String>
    let buttonAction: Patch<String?>
    let displayOrder: Patch<Int>
    let status: Patch<ContentStatus>

    static let shape = Shape<ChangedSlideBody>(
        "ChangedOnboardingSlide", Self.init,
        Field("title", { $0.title }, .length(1...200)),
        Field("description", { $0.description }, .length(1...2000), .multiline),
        Field("imageFileId", { $0.imageFileID }),
        Field("buttonText", { $0.buttonText }, .length(1...50)),
        Field("buttonAction", { $0.buttonAction }, .length(1...200)),
        Field("displayOrder", { $0.displayOrder }, .range(0...100_000)),
        Field("status", { $0.status }))
}

/// The filters of the list that everybody reads.
struct SlideFilter: Shaped {
    let product: String
    let locale: String?
    let audience: String?

    static let shape = Shape<SlideFilter>(
        "SlideFilter", Self.init,
        Field("product", { $0.product }, ContentNames.product, default: { "platform" }),
        Field("locale", { $0.locale }, ContentNames.locale),
        Field("audience", { $0.audience }, .pattern("audience", example: "resident", ContentNames.isWord)))
}
