import Postgres
import Values

/// What one of the platform's templates says over a channel in a language, as operators have written it: it stands in for
/// the program's own words.
package struct StoredTemplate: Sendable {
    package let id: ID<StoredTemplate>
    package let createdAt: Instant
    package var updatedAt: Instant
    package let key: TemplateKey
    package let type: NotificationType
    package let locale: String
    /// How operators call it.
    package var name: String
    package var subject: String?
    package var bodyText: String
    /// Of a mail; without it the text is made HTML.
    package var bodyHTML: String?
    /// Under which id the words stand at the provider: with SendGrid a mail's own design, with MSG91 a text registered in India.
    /// Other providers say the words here.
    package var providerTemplateID: String?
    /// Rises with each change of the words.
    package var version: Int
    package var isActive: Bool

    package init(
        id: ID<StoredTemplate>, createdAt: Instant, updatedAt: Instant, key: TemplateKey, type: NotificationType, locale: String,
        name: String, subject: String?, bodyText: String, bodyHTML: String?, providerTemplateID: String?, version: Int,
        isActive: Bool
    ) {
        self.id = id
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.key = key
        self.type = type
        self.locale = locale
        self.name = name
        self.subject = subject
        self.bodyText = bodyText
        self.bodyHTML = bodyHTML
        self.providerTemplateID = providerTemplateID
        self.version = version
        self.isActive = isActive
    }

    package var category: String { key.category.name }
    package var text: TemplateText { TemplateText(subject: subject ?? "", body: bodyText, markup: bodyHTML) }
    package var place: Place { Place(key: key.rawValue, type: type, locale: locale) }

    /// Where a template stands in: one there.
    package struct Place: Hashable, Sendable {
        let key: String
        let type: NotificationType
        let locale: String
    }

    /// How long a template's parts may be.
    package static let longestText = 20_000
    package static let longestHTML = 50_000
    package static let most = 1000
}

extension StoredTemplate: Row {
    package init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        key = try row.next()
        type = try row.next()
        locale = try row.next()
        name = try row.next()
        subject = try row.next()
        bodyText = try row.next()
        bodyHTML = try row.next()
        providerTemplateID = try row.next()
        version = try row.next()
        isActive = try row.next()
    }
}
