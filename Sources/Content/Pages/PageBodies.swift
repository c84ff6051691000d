import JSON
import Values

struct NewPageBody: Shaped {
    let product: String
    let locale: String
    let slug: String
    let title: String
    let content: String
    let pageType: PageType
    let excerpt: String?
    let seo: PageSEO?

    static let shape = Shape<NewPageBody>(
        "NewLegalPage", Self.init,
        Field("product", { $0.product }, ContentNames.product, default: { "platform" }),
        Field("locale", { $0.locale }, ContentNames.locale, default: { "en" }),
        Field("slug", { $0.slug }, ContentNames.slug),
        Field("title", { $0.title }, .length(1...200)),
        Field("content", { $0.content }, .length(100...204_800), .multiline, doc: "HTML; what is not on the list is left out"),
        Field("pageType", { $0.pageType }),
        Field("excerpt", { $0.excerpt }, .length(1...500)),
        Field("seo", { $0.seo }))
}

struct ChangedPageBody: Shaped {
    let slug: Patch<String>
    let title: Patch<String>
    let content: Patch<String>
    let excerpt: Patch<String?>
    let seo: Patch<PageSEO>

    static let shape = Shape<ChangedPageBody>(
        "ChangedLegalPage", Self.init,
        Field("slug", { $0.slug }, ContentNames.slug),
        Field("title", { $0.title }, .length(1...200)),
        Field("content", { $0.content }, .length(100...204_800), .multiline),
        Field("excerpt", { $0.excerpt }, .length(1...500)),
        Field("seo", { $0.seo }))
}

struct ScheduledPageBody: Shaped {
    let scheduledFor: Instant

    static let shape = Shape<ScheduledPageBody>(
        "ScheduledPage", Self.init, Field("scheduledFor", { $0.scheduledFor }, doc: "In the future, within a year"))
}

struct PageQuery: Shaped {
    let product: String
    let locale: String

    static let shape = Shape<PageQuery>(
        "PageQuery", Self.init,
        Field("product", { $0.product }, ContentNames.product, default: { "platform" }),
        Field("locale", { $0.locale }, ContentNames.locale, default: { "en" }, doc: "English where there is none"))
}

/// The filters of the list that everybody reads.
struct PageFilter: Shaped {
    let product: String
    let locale: String?
    let pageType: PageType?

    static let shape = Shape<PageFilter>(
        "PageFilter", Self.init,
        Field("product", { $0.product }, ContentNames.product, default: { "platform" }),
        Field("locale", { $0.locale }, ContentNames.locale),
        Field("pageType", { $0.pageType }))
}

/// The filters of staff's list.
struct AnyPageFilter: Shaped {
    let product: String?
    let locale: String?
    let pageType: PageType?
    let status: PageStatus?
    let q: String?

    static let shape = Shape<AnyPageFilter>(
        "AnyPageFilter", Self.init,
        Field("product", { $0.product }, ContentNames.product),
        Field("locale", { $0.locale }, ContentNames.locale),
        Field("pageType", { $0.pageType }),
        Field("status", { $0.status }),
        Field("q", { $0.q }, .length(1...100), doc: "Part of the title"))
}
