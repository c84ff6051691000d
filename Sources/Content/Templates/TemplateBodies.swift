import JSON
import Values

struct NewTemplateBody: Shaped {
    let product: String
    let title: String
    let description: String
    let category: String
    let content: String
    let variables: [TemplateVariable]
    let isPremium: Bool
    let isPublic: Bool
    let price: DecimalNumber?
    let currency: Currency?
    let status: TemplateStatus
    let tags: [String]

    static let shape = Shape<NewTemplateBody>(
        "NewDocumentTemplate", Self.init,
        Field("product", { $0.product }, ContentNames.product, default: { "platform" }),
        Field("title", { $0.title }, .length(1...200)),
        Field("description", { $0.description }, .length(1...2000), .multiline),
        Field("category", { $0.category }, .length(1...50)),
        Field("content", { $0.content }, .length(1...204_800), .multiline, doc: "HTML with `{{key}}` where values belong"),
        Field("variables", { $0.variables }, .count(0...100), default: { [] }),
        Field("isPremium", { $0.isPremium }, default: { false }, doc: "For subscribers"),
        Field("isPublic", { $0.isPublic }, default: { true }),
        Field("price", { $0.price }), Field("currency", { $0.currency }),
        Field("status", { $0.status }, default: { .draft }),
        Field("tags", { $0.tags }, .count(0...20), .each(.length(1...50)), .distinct(), default: { [] }),
        check: { body in
            (body.price == nil) == (body.currency == nil)
                ? [] : [FieldError(field: "currency", code: "required", message: "A price has a currency.")]
        })
}

struct ChangedTemplateBody: Shaped {
    let title: Patch<String>
    let description: Patch<String>
    let category: Patch<String>
    let content: Patch<String>
    let variables: Patch<[TemplateVariable]>
    let isPremium: Patch<Bool>
    let isPublic: Patch<Bool>
    let price: Patch<DecimalNumber?>
    let currency: Patch<Currency?>
    let status: Patch<TemplateStatus>
    let tags: Patch<[String]>

    static let shape = Shape<ChangedTemplateBody>(
        "ChangedDocumentTemplate", Self.init,
        Field("title", { $0.title }, .length(1...200)),
        Field("description", { $0.description }, .length(1...2000), .multiline),
        Field("category", { $0.category }, .length(1...50)),
        Field("content", { $0.content }, .length(1...204_800), .multiline),
        Field("variables", { $0.variables }, .count(0...100)),
        Field("isPremium", { $0.isPremium }), Field("isPublic", { $0.isPublic }),
        Field("price", { $0.price }, doc: "Null takes it away"), Field("currency", { $0.currency }),
        Field("status", { $0.status }),
        Field("tags", { $0.tags }, .count(0...20), .each(.length(1...50)), .distinct()))
}

struct RenderBody: Shaped {
    let variables: [String: String]

    static let shape = Shape<RenderBody>(
        "RenderTemplate", Self.init,
        Field(
            "variables", { $0.variables }, .count(0...100), .each(.length(0...10_000), .multiline),
            doc: "Values by key, as texts"))
}

struct RenderedView: WireOutput {
    let content: String

    static let shape = Shape<RenderedView>(
        output: "RenderedTemplate", Field("content", { $0.content }, doc: "HTML with every value escaped"))
}

extension DocumentTemplate: WireOutput {
    static let shape = Shape<DocumentTemplate>(
        output: "DocumentTemplate",
        Field("id", { $0.id }), Field("product", { $0.product }), Field("title", { $0.title }),
        Field("description", { $0.description }), Field("category", { $0.category }), Field("content", { $0.content }),
        Field("variables", { $0.variables }), Field("isPremium", { $0.isPremium }), Field("isPublic", { $0.isPublic }),
        Field("price", { $0.price.map { Amount($0) } }), Field("currency", { $0.price?.currency }),
        Field("downloadCount", { $0.downloadCount }), Field("status", { $0.status }), Field("version", { $0.version }),
        Field("tags", { $0.tags }), Field("createdAt", { $0.createdAt }), Field("updatedAt", { $0.updatedAt }))
}

/// A template as everybody sees it: a premium one without its text.
struct TemplateCard: WireOutput {
    let template: DocumentTemplate

    static let shape = Shape<TemplateCard>(
        output: "DocumentTemplateCard",
        Field("id", { $0.template.id }), Field("product", { $0.template.product }), Field("title", { $0.template.title }),
        Field("description", { $0.template.description }), Field("category", { $0.template.category }),
        Field("content", { $0.template.isPremium ? nil : $0.template.content }, doc: "Null of a premium one"),
        Field("variables", { $0.template.variables }), Field("isPremium", { $0.template.isPremium }),
        Field("price", { $0.template.price.map { Amount($0) } }), Field("currency", { $0.template.price?.currency }),
        Field("downloadCount", { $0.template.downloadCount }), Field("tags", { $0.template.tags }),
        Field("updatedAt", { $0.template.updatedAt }))
}

/// The filters of the list that everybody reads.
struct TemplateFilter: Shaped {
    let product: String
    let category: String?

    static let shape = Shape<TemplateFilter>(
        "TemplateFilter", Self.init,
        Field("product", { $0.product }, ContentNames.product, default: { "platform" }),
        Field("category", { $0.category }, .length(1...50)))
}

/// The filters of staff's list.
struct AnyTemplateFilter: Shaped {
    let product: String?
    let category: String?
    let status: TemplateStatus?
    let q: String?

    static let shape = Shape<AnyTemplateFilter>(
        "AnyTemplateFilter", Self.init,
        Field("product", { $0.product }, ContentNames.product),
        Field("category", { $0.category }, .length(1...50)),
        Field("status", { $0.status }),
        Field("q", { $0.q }, .length(1...100), doc: "Part of the title"))
}
