import Identity
import JSON
import Notifications
import Service
import Values

/// What a list of templates is narrowed to.
struct TemplateFilter: Shaped {
    let key: TemplateKey?
    let type: TemplateChannel?
    let locale: UserLocale?

    static let shape = Shape(
        "TemplateFilter", Self.init, Field("key", { $0.key }), Field("type", { $0.type }), Field("locale", { $0.locale }))

    var condition: TemplateCondition { TemplateCondition(key: key, type: type?.type, locale: locale?.rawValue) }
}

/// Over which channel a template speaks.
enum TemplateChannel: String, WireEnum {
    case inApp = "in_app"
    case email, sms, push, telegram

    init?(_ type: NotificationType) { self.init(rawValue: type.rawValue) }

    var type: NotificationType {
        switch self {
        case .inApp: .inApp
        case .email: .email
        case .sms: .sms
        case .push: .push
        case .telegram: .telegram
        }
    }
}

/// A template to be.
struct NewTemplate: Shaped {
    let key: TemplateKey
    let type: TemplateChannel
    let locale: UserLocale
    let name: String?
    let subject: String?
    let bodyText: String
    let bodyHTML: String?
    let providerTemplateID: String?
    let isActive: Bool

    static let shape = Shape(
        "NewNotificationTemplate", Self.init, Field("key", { $0.key }), Field("type", { $0.type }),
        Field("locale", { $0.locale }), Field("name", { $0.name }, .length(1...100)),
        Field("subject", { $0.subject }, .length(1...255), doc: "Required of a mail."),
        Field(
            "bodyText", { $0.bodyText }, .length(1...StoredTemplate.longestText), .multiline,
            doc: "With `{{name}}` where a value belongs; which there are is said by a refusal."),
        Field(
            "bodyHtml", { $0.bodyHTML }, .length(1...StoredTemplate.longestHTML), .multiline,
            doc: "Of a mail. What could run or load is taken out of it."),
        Field(
            "providerTemplateId", { $0.providerTemplateID }, .length(1...100),
            doc: "Where the words stand at the provider: SendGrid's dynamic template of a mail, which gets the values by name; the "
                + "id under which the text of a short message is registered in India. Other providers send the words given here."),
        Field("isActive", { $0.isActive }, default: { true }))

    func template(at now: Instant) -> StoredTemplate {
        StoredTemplate(
            id: .new(), createdAt: now, updatedAt: now, key: key, type: type.type, locale: locale.rawValue,
            name: name ?? key.rawValue, subject: subject, bodyText: bodyText, bodyHTML: bodyHTML,
            providerTemplateID: providerTemplateID, version: 1, isActive: isActive)
    }
}

/// A change of a template.
struct TemplateChange: Shaped {
    let name: Patch<String>
    let subject: Patch<String?>
    let bodyText: Patch<String>
    let bodyHTML: Patch<String?>
    let providerTemplateID: Patch<String?>
    let isActive: Patch<Bool>

    static let shape = Shape(
        "NotificationTemplateChange", Self.init, Field("name", { $0.name }, .length(1...100)),
        Field("subject", { $0.subject }, .length(1...255)),
        Field("bodyText", { $0.bodyText }, .length(1...StoredTemplate.longestText), .multiline),
        Field("bodyHtml", { $0.bodyHTML }, .length(1...StoredTemplate.longestHTML), .multiline),
        Field("providerTemplateId", { $0.providerTemplateID }, .length(1...100)), Field("isActive", { $0.isActive }))

    func apply(to template: inout StoredTemplate) {
        template.name = name.value(or: template.name)
        template.subject = subject.value(or: template.subject)
        template.bodyText = bodyText.value(or: template.bodyText)
        template.bodyHTML = bodyHTML.value(or: template.bodyHTML)
        template.providerTemplateID = providerTemplateID.value(or: template.providerTemplateID)
        template.isActive = isActive.value(or: template.isActive)
    }
}

/// A template as operators see it.
struct TemplateView: WireOutput {
    let template: StoredTemplate

    static let shape = Shape<TemplateView>(
        output: "NotificationTemplate",
        Field("id", { $0.template.id }), Field("createdAt", { $0.template.createdAt }),
        Field("updatedAt", { $0.template.updatedAt }), Field("key", { $0.template.key }),
        Field("type", { $0.template.type }), Field("locale", { $0.template.locale }),
        Field("category", { $0.template.category }), Field("name", { $0.template.name }),
        Field("subject", { $0.template.subject }), Field("bodyText", { $0.template.bodyText }),
        Field("bodyHtml", { $0.template.bodyHTML }),
        Field("providerTemplateId", { $0.template.providerTemplateID }),
        Field("variables", { $0.template.key.variables }, doc: "The values that there are."),
        Field("version", { $0.template.version }, doc: "Rises with each change of the words."),
        Field("isActive", { $0.template.isActive }))
}

/// To whom a template is sent for a trial.
struct TemplateTrial: Shaped {
    let to: String?

    static let shape = Shape(
        "TemplateTrial", Self.init,
        Field("to", { $0.to }, .length(1...254), doc: "An address or a number; other channels reach the caller himself."))

    /// The address that a channel takes. Throws 422 for what it does not take.
    func address(over type: NotificationType) throws -> String? {
        switch type {
        case .email:
            guard let email = to.flatMap({ EmailAddress($0) }) else { throw Self.mistake("email", "This is no e-mail address.") }
            return email.text
        case .sms:
            guard let phone = to.flatMap({ PhoneNumber($0) }) else { throw Self.mistake("phone", "This is no phone number.") }
            return phone.text
        case .inApp, .push, .telegram, .whatsapp:
            if to != nil { throw Self.mistake("conflict", "This channel reaches the caller himself.") }
            return nil
        }
    }

    private static func mistake(_ code: String, _ message: String) -> InvalidInput {
        InvalidInput(field: "to", code: code, message: message)
    }
}

extension StoredTemplate {
    /// For the trail.
    func changes(from old: StoredTemplate?) -> [AuditChange?] {
        [
            AuditChange("key", AuditValue(old?.key.rawValue), .text(key.rawValue)),
            AuditChange("type", AuditValue(old?.type.rawValue), .text(type.rawValue)),
            AuditChange("locale", AuditValue(old?.locale), .text(locale)),
            AuditChange("name", AuditValue(old?.name), .text(name)),
            AuditChange("subject", AuditValue(old?.subject), AuditValue(subject)),
            AuditChange("bodyText", AuditValue(old?.bodyText), .text(bodyText)),
            AuditChange("bodyHtml", AuditValue(old?.bodyHTML), AuditValue(bodyHTML)),
            AuditChange("providerTemplateId", AuditValue(old?.providerTemplateID), AuditValue(providerTemplateID)),
            AuditChange("isActive", old.map { .flag($0.isActive) } ?? .none, .flag(isActive)),
        ]
    }
}
