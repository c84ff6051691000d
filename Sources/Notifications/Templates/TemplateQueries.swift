import Postgres
import Values

/// What a list of stored templates is narrowed to.
package struct TemplateCondition: Sendable {
    package let key: TemplateKey?
    package let type: NotificationType?
    package let locale: String?

    package init(key: TemplateKey? = nil, type: NotificationType? = nil, locale: String? = nil) {
        self.key = key
        self.type = type
        self.locale = locale
    }

    var sql: SQL {
        var sql: SQL = "true"
        if let key { sql = "\(sql) and key = \(key)" }
        if let type { sql = "\(sql) and type = \(type)" }
        if let locale { sql = "\(sql) and locale = \(locale)" }
        return sql
    }
}

/// The SQL of stored templates; there are at most a thousand rows.
enum TemplateQueries {
    private static let columns: SQL =
        "id, created_at, updated_at, key, type, locale, name, subject, body_text, body_html, provider_template_id, version, is_active"

    static func active() -> Statement<StoredTemplate> {
        Statement("select \(columns) from notifications.notification_templates where is_active order by key, type, locale")
    }

    static func list(_ condition: TemplateCondition, descending: Bool, limit: Int, offset: Int) -> Statement<StoredTemplate> {
        let order: SQL = descending ? "key desc, type desc, locale desc" : "key, type, locale"
        return Statement(
            """
            select \(columns) from notifications.notification_templates where \(condition.sql)
            order by \(order) limit \(limit) offset \(offset)
            """)
    }

    static func count(_ condition: TemplateCondition) -> Statement<Int> {
        Statement("select count(*) from notifications.notification_templates where \(condition.sql)")
    }

    static func find(_ id: ID<StoredTemplate>) -> Statement<StoredTemplate> {
        Statement("select \(columns) from notifications.notification_templates where id = \(id)")
    }

    static func lock(_ id: ID<StoredTemplate>) -> Statement<StoredTemplate> {
        Statement("select \(columns) from notifications.notification_templates where id = \(id) for update")
    }

    static func insert(_ template: StoredTemplate) -> Command {
        Command(
            """
            insert into notifications.notification_templates (id, created_at, updated_at, key, type, locale, category, name,
                subject, body_text, body_html, provider_template_id, variables, version, is_active)
            values (\(template.id), \(template.createdAt), \(template.updatedAt), \(template.key), \(template.type),
                \(template.locale), \(template.category), \(template.name), \(template.subject), \(template.bodyText),
                \(template.bodyHTML), \(template.providerTemplateID), \(template.text.variables), \(template.version),
                \(template.isActive))
            """)
    }

    static func save(_ template: StoredTemplate) -> Command {
        Command(
            """
            update notifications.notification_templates set updated_at = \(template.updatedAt), name = \(template.name),
                subject = \(template.subject), body_text = \(template.bodyText), body_html = \(template.bodyHTML),
                provider_template_id = \(template.providerTemplateID), variables = \(template.text.variables), version = \(template.version), is_active = \(template.isActive)
            where id = \(template.id)
            """)
    }

    static func delete(_ id: ID<StoredTemplate>) -> Command {
        Command("delete from notifications.notification_templates where id = \(id)")
    }

    static var samples: [StatementSample] {
        let now = Instant(microseconds: 0)
        let template = StoredTemplate(
            id: .new(), createdAt: now, updatedAt: now, key: .code, type: .email, locale: "en", name: "", subject: nil,
            bodyText: "", bodyHTML: nil, providerTemplateID: nil, version: 1, isActive: true)
        let narrow = TemplateCondition(key: .code, type: .email, locale: "en")
        return [
            StatementSample("templates: active", active()),
            StatementSample("templates: list", list(TemplateCondition(), descending: false, limit: 1, offset: 0)),
            StatementSample("templates: list narrowed", list(narrow, descending: true, limit: 1, offset: 0)),
            StatementSample("templates: count", count(narrow)), StatementSample("templates: find", find(template.id)),
            StatementSample("templates: lock", lock(template.id)), StatementSample("templates: insert", insert(template)),
            StatementSample("templates: save", save(template)), StatementSample("templates: delete", delete(template.id)),
        ]
    }
}
