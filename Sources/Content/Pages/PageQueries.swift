import JSON
import Postgres
import Service
import Values

/// The SQL of `content.pages` and `content.versions`.
enum PageQueries {
    private static let columns: SQL = """
        p.id, p.created_at, p.updated_at, p.product, p.locale, p.slug, p.title, p.content, p.page_type, p.excerpt, p.seo,
        p.status, p.published_at, p.scheduled_for, p.version
        """

    static func page(_ id: ID<LegalPage>) -> Statement<LegalPage> {
        Statement("select \(columns) from content.pages p where p.id = \(id) and p.deleted_at is null")
    }

    static func lock(_ id: ID<LegalPage>) -> Statement<LegalPage> {
        Statement("select \(columns) from content.pages p where p.id = \(id) and p.deleted_at is null for update")
    }

    /// In the language asked for, else in English. Index `pages_slug`.
    static func published(_ slug: String, _ query: PageQuery) -> Statement<LegalPage> {
        Statement(
            """
            select \(columns) from content.pages p
             where p.product = \(query.product) and p.slug = \(slug) and p.locale in (\(query.locale), 'en')
               and p.status = 'published' and p.deleted_at is null
             order by (p.locale = \(query.locale)) desc limit 1
            """)
    }

    static func publicPage(_ filter: PageFilter, _ page: PageRequest) -> Statement<LegalPage> {
        Statement(
            """
            select \(columns) from content.pages p where \(shown(filter))
             order by p.title, p.id limit \(page.limit) offset \(page.offset)
            """)
    }

    static func publicCount(_ filter: PageFilter) -> Statement<Int> {
        Statement("select count(*) from content.pages p where \(shown(filter))")
    }

    private static func shown(_ filter: PageFilter) -> SQL {
        var condition: SQL = "p.product = \(filter.product) and p.status = 'published' and p.deleted_at is null"
        if let locale = filter.locale { condition = "\(condition) and p.locale = \(locale)" }
        if let type = filter.pageType { condition = "\(condition) and p.page_type = \(type)" }
        return condition
    }

    static func list(_ filter: AnyPageFilter, _ page: PageRequest) -> Statement<LegalPage> {
        Statement(
            """
            select \(columns) from content.pages p where \(matching(filter))
             order by p.id desc limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ filter: AnyPageFilter) -> Statement<Int> {
        Statement("select count(*) from content.pages p where \(matching(filter))")
    }

    private static func matching(_ filter: AnyPageFilter) -> SQL {
        var condition: SQL = "p.deleted_at is null"
        if let product = filter.product { condition = "\(condition) and p.product = \(product)" }
        if let locale = filter.locale { condition = "\(condition) and p.locale = \(locale)" }
        if let type = filter.pageType { condition = "\(condition) and p.page_type = \(type)" }
        if let status = filter.status { condition = "\(condition) and p.status = \(status)" }
        if let text = filter.q { condition = "\(condition) and strpos(lower(p.title), lower(\(text))) > 0" }
        return condition
    }

    /// Nothing is written when the slug is taken.
    static func insert(_ page: LegalPage) -> Command {
        Command(
            """
            insert into content.pages (id, created_at, updated_at, product, locale, slug, title, content, page_type, excerpt,
                seo)
            values (\(page.id), \(page.createdAt), \(page.updatedAt), \(page.product), \(page.locale), \(page.slug),
                \(page.title), \(page.content), \(page.type), \(page.excerpt), \(JSONText(encoding: page.seo)))
            on conflict (product, slug, locale) where deleted_at is null do nothing
            """)
    }

    /// Nothing is written when the slug is another page's.
    static func save(_ page: LegalPage, at now: Instant) -> Command {
        Command(
            """
            update content.pages p set updated_at = \(now), slug = \(page.slug), title = \(page.title),
                content = \(page.content), excerpt = \(page.excerpt), seo = \(JSONText(encoding: page.seo)),
                version = \(page.version)
             where p.id = \(page.id) and not exists (
                select from content.pages o where o.product = \(page.product) and o.slug = \(page.slug)
                   and o.locale = \(page.locale) and o.deleted_at is null and o.id <> \(page.id))
            """)
    }

    static func save(_ state: PageState, of id: ID<LegalPage>, at now: Instant) -> Command {
        Command(
            """
            update content.pages set updated_at = \(now), status = \(state.status), published_at = \(state.publishedAt),
                scheduled_for = \(state.scheduledFor)
             where id = \(id)
            """)
    }

    static func delete(_ id: ID<LegalPage>, at now: Instant) -> Command {
        Command("update content.pages set deleted_at = \(now), updated_at = \(now) where id = \(id)")
    }

    /// Of several pages of a type that are published at once, one follows the other.
    static func lockType(_ page: LegalPage) -> Statement<Bool> {
        let key = "content.page:\(page.product):\(page.locale):\(page.type.rawValue)"
        return Statement("select pg_advisory_xact_lock(hashtextextended(\(key)::text, 0)) is not null")
    }

    /// The page whose place another takes goes back to the drafts. Index `pages_one_published`.
    static func retire(before page: LegalPage, at now: Instant) -> Command {
        Command(
            """
            update content.pages set status = 'draft', published_at = null, updated_at = \(now)
             where product = \(page.product) and locale = \(page.locale) and page_type = \(page.type)
               and page_type <> 'custom' and status = 'published' and id <> \(page.id)
            """)
    }

    /// Index `pages_due`.
    static func due(at now: Instant, limit: Int) -> Statement<LegalPage> {
        Statement(
            """
            select \(columns) from content.pages p where p.status = 'scheduled' and p.scheduled_for <= \(now)
             order by p.scheduled_for, p.id limit \(limit) for update skip locked
            """)
    }

    // MARK: Versions

    static func keep(_ version: NewVersion, at now: Instant) -> Command {
        Command(
            """
            insert into content.versions (object_type, object_id, version, title, content, variables, changed_by, at)
            values (\(version.type), \(version.object), \(version.number), \(version.title), \(version.content),
                \(version.variables), \(version.author), \(now))
            """)
    }

    static func versions(_ type: String, of id: UUID, before last: Int?, limit: Int) -> Statement<ContentVersion> {
        let beyond: SQL = last.map { "and v.version < \($0)" } ?? ""
        return Statement(
            """
            select v.version, v.title, v.content, v.variables, v.changed_by, identity.name_of(u), v.at
              from content.versions v join identity.users u on u.id = v.changed_by
             where v.object_type = \(type) and v.object_id = \(id) \(beyond) order by v.version desc limit \(limit)
            """)
    }

    static var samples: [StatementSample] {
        let now = Instant.distantPast
        let page = LegalPage(
            id: .new(), createdAt: now, updatedAt: now, product: "a", locale: "en", slug: "a", title: "a", content: "a",
            type: .about, excerpt: nil, seo: .none, state: .draft, version: 1)
        let shown = PageFilter(product: "a", locale: "en", pageType: .about)
        let filter = AnyPageFilter(product: "a", locale: "en", pageType: .about, status: .draft, q: "a")
        let order = PageRequest(sort: "title")
        let version = NewVersion(
            type: "page", object: .zero, number: 1, title: "a", content: "a", variables: nil, author: .zero)
        return [
            StatementSample("page", self.page(.new())), StatementSample("page, locked", lock(.new())),
            StatementSample("published page", published("a", PageQuery(product: "a", locale: "en"))),
            StatementSample("published pages", publicPage(shown, order)),
            StatementSample("published pages, counted", publicCount(shown)),
            StatementSample("pages", list(filter, order)), StatementSample("pages, counted", count(filter)),
            StatementSample("new page", insert(page)), StatementSample("changed page", save(page, at: now)),
            StatementSample("moved page", save(.draft, of: .new(), at: now)),
            StatementSample("deleted page", delete(.new(), at: now)), StatementSample("type, locked", lockType(page)),
            StatementSample("retired page", retire(before: page, at: now)),
            StatementSample("due pages", due(at: now, limit: 1)), StatementSample("new version", keep(version, at: now)),
            StatementSample("versions", versions("page", of: .zero, before: 1, limit: 1)),
        ]
    }
}
