import JSON
import Postgres
import Service
import Values

/// The SQL of `content.templates`.
enum TemplateQueries {
    private static let columns: SQL = """
        t.id, t.created_at, t.updated_at, t.product, t.title, t.description, t.category, t.content, t.variables,
        t.is_premium, t.is_public, t.price, t.currency, t.download_count, t.status, t.version, t.tags
        """

    static func template(_ id: ID<DocumentTemplate>) -> Statement<DocumentTemplate> {
        Statement("select \(columns) from content.templates t where t.id = \(id) and t.deleted_at is null")
    }

    static func lock(_ id: ID<DocumentTemplate>) -> Statement<DocumentTemplate> {
        Statement("select \(columns) from content.templates t where t.id = \(id) and t.deleted_at is null for update")
    }

    static func open(_ id: ID<DocumentTemplate>) -> Statement<DocumentTemplate> {
        Statement(
            """
            select \(columns) from content.templates t
             where t.id = \(id) and t.status = 'active' and t.is_public and t.deleted_at is null
            """)
    }

    /// Index `templates_shown`.
    static func shown(_ filter: TemplateFilter, _ page: PageRequest) -> Statement<DocumentTemplate> {
        Statement(
            """
            select \(columns) from content.templates t where \(matching(filter))
             order by t.id desc limit \(page.limit) offset \(page.offset)
            """)
    }

    static func shownCount(_ filter: TemplateFilter) -> Statement<Int> {
        Statement("select count(*) from content.templates t where \(matching(filter))")
    }

    private static func matching(_ filter: TemplateFilter) -> SQL {
        let category: SQL = filter.category.map { "and t.category = \($0)" } ?? ""
        return """
            t.product = \(filter.product) and t.status = 'active' and t.is_public and t.deleted_at is null \(category)
            """
    }

    /// Index `templates_list`.
    static func list(_ filter: AnyTemplateFilter, _ page: PageRequest) -> Statement<DocumentTemplate> {
        Statement(
            """
            select \(columns) from content.templates t where \(matching(filter))
             order by t.id desc limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ filter: AnyTemplateFilter) -> Statement<Int> {
        Statement("select count(*) from content.templates t where \(matching(filter))")
    }

    private static func matching(_ filter: AnyTemplateFilter) -> SQL {
        var condition: SQL = "t.deleted_at is null"
        if let product = filter.product { condition = "\(condition) and t.product = \(product)" }
        if let category = filter.category { condition = "\(condition) and t.category = \(category)" }
        if let status = filter.status { condition = "\(condition) and t.status = \(status)" }
        if let text = filter.q { condition = "\(condition) and strpos(lower(t.title), lower(\(text))) > 0" }
        return condition
    }

    static func insert(_ template: DocumentTemplate) -> Command {
        Command(
            """
            insert into content.templates (id, created_at, updated_at, product, title, description, category, content,
                variables, is_premium, is_public, price, currency, status, tags)
            values (\(template.id), \(template.createdAt), \(template.updatedAt), \(template.product), \(template.title),
                \(template.description), \(template.category), \(template.content),
                \(JSONText(encoding: template.variables)), \(template.isPremium), \(template.isPublic),
                \(template.price?.minor), \(template.price?.currency), \(template.status), \(template.tags))
            """)
    }

    static func save(_ template: DocumentTemplate, at now: Instant) -> Command {
        Command(
            """
            update content.templates set updated_at = \(now), title = \(template.title),
                description = \(template.description), category = \(template.category), content = \(template.content),
                variables = \(JSONText(encoding: template.variables)), is_premium = \(template.isPremium),
                is_public = \(template.isPublic), price = \(template.price?.minor),
                currency = \(template.price?.currency), status = \(template.status), version = \(template.version),
                tags = \(template.tags)
             where id = \(template.id)
            """)
    }

    static func delete(_ id: ID<DocumentTemplate>, at now: Instant) -> Command {
        Command("update content.templates set deleted_at = \(now), updated_at = \(now) where id = \(id)")
    }

    static func downloaded(_ id: ID<DocumentTemplate>) -> Command {
        Command("update content.templates set download_count = download_count + 1 where id = \(id)")
    }

    static var samples: [StatementSample] {
        let now = Instant.distantPast
        let template = DocumentTemplate(
            id: .new(), createdAt: now, updatedAt: now, product: "a", title: "a", description: "a", category: "a",
            content: "a", variables: [], isPremium: false, isPublic: true, price: nil, downloadCount: 0, status: .draft,
            version: 1, tags: [])
        let shown = TemplateFilter(product: "a", category: "a")
        let filter = AnyTemplateFilter(product: "a", category: "a", status: .draft, q: "a")
        let order = PageRequest(sort: "createdAt")
        return [
            StatementSample("template", self.template(.new())), StatementSample("template, locked", lock(.new())),
            StatementSample("open template", open(.new())), StatementSample("templates", self.shown(shown, order)),
            StatementSample("templates, counted", shownCount(shown)),
            StatementSample("all templates", list(filter, order)), StatementSample("all templates, counted", count(filter)),
            StatementSample("new template", insert(template)), StatementSample("changed template", save(template, at: now)),
            StatementSample("deleted template", delete(.new(), at: now)),
            StatementSample("downloaded template", downloaded(.new())),
        ]
    }
}
