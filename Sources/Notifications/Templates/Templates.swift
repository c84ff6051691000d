import Postgres
import Service
import Values

/// The door to the platform's templates as operators write them.
package struct Templates: Sendable {
    let notifications: Notifications

    package struct Found: Sendable {
        package let templates: [StoredTemplate]
        package let total: Int
    }

    package func list(
        _ condition: TemplateCondition, descending: Bool, limit: Int, offset: Int
    ) async throws -> Found {
        let database = notifications.database
        return Found(
            templates: try await database.all(
                TemplateQueries.list(condition, descending: descending, limit: limit, offset: offset)),
            total: try await database.one(TemplateQueries.count(condition)))
    }

    package func find(_ id: ID<StoredTemplate>) async throws -> StoredTemplate {
        guard let template = try await notifications.database.first(TemplateQueries.find(id)) else {
            throw HouseProblem.notFound.problem
        }
        return template
    }

    /// Stores a template. Throws 409 `template_taken` where there is one, 422 for words that name what is not known there, or
    /// leave out what the reader needs. In the caller's transaction.
    package func create(_ wanted: StoredTemplate) async throws -> StoredTemplate {
        let template = try checked(wanted)
        guard try await notifications.database.one(TemplateQueries.count(TemplateCondition())) < StoredTemplate.most else {
            throw NotificationProblem.tooManyTemplates.problem
        }
        do {
            _ = try await notifications.database.transaction { _ in
                try await notifications.database.execute(TemplateQueries.insert(template))
            }
        } catch let error as DatabaseError where error.violates("notification_templates_key") {
            throw NotificationProblem.templateTaken.on("key")
        }
        return template
    }

    /// Changes a template under its lock; answers what it was and what it is. In the caller's transaction.
    package func change(
        _ id: ID<StoredTemplate>, _ body: (inout StoredTemplate) async throws -> Void
    ) async throws -> (old: StoredTemplate, new: StoredTemplate) {
        guard let old = try await notifications.database.first(TemplateQueries.lock(id)) else {
            throw HouseProblem.notFound.problem
        }
        var template = old
        try await body(&template)
        template = try checked(template)
        let words = { (one: StoredTemplate) in [one.subject, one.bodyText, one.bodyHTML, one.providerTemplateID] }
        if words(template) != words(old) {
            template.version += 1
        }
        template.updatedAt = notifications.clock.now()
        try await notifications.database.execute(TemplateQueries.save(template))
        return (old, template)
    }

    /// The program's own words hold again.
    package func delete(_ id: ID<StoredTemplate>, _ check: () async throws -> Void) async throws -> StoredTemplate {
        guard let old = try await notifications.database.first(TemplateQueries.lock(id)) else {
            throw HouseProblem.notFound.problem
        }
        try await check()
        try await notifications.database.execute(TemplateQueries.delete(id))
        return old
    }

    package func changed() async { await notifications.templates.changed() }

    /// The template with its HTML made safe, if its words may be said.
    private func checked(_ template: StoredTemplate) throws -> StoredTemplate {
        var template = template
        if template.type != .email, template.bodyHTML != nil {
            throw InvalidInput(field: "bodyHtml", code: "conflict", message: "belongs to mails")
        }
        if template.type != .email, template.type != .sms, template.providerTemplateID != nil {
            throw InvalidInput(field: "providerTemplateId", code: "conflict", message: "belongs to mails and short messages")
        }
        template.bodyHTML = template.bodyHTML.map { SafeMarkup.cleaned($0) }
        let known = template.key.variables
        var errors: [FieldError] = []
        for (field, text) in [("subject", template.subject), ("bodyText", template.bodyText), ("bodyHtml", template.bodyHTML)] {
            guard let text else { continue }
            let named = TemplateText.variables(in: text)
            for name in named where !known.contains(name) {
                errors.append(
                    FieldError(
                        field: field, code: "unknown_variable",
                        message: "There is no {{\(name)}} here; known are \(known.joined(separator: ", "))."))
            }
            if field != "subject" {
                for name in template.key.secrets where !named.contains(name) {
                    errors.append(FieldError(field: field, code: "missing_variable", message: "Without {{\(name)}} it is of no use."))
                }
            } else {
                for name in template.key.secrets where named.contains(name) {
                    errors.append(FieldError(field: field, code: "secret_variable", message: "{{\(name)}} stands in the body alone."))
                }
            }
        }
        if template.type == .email, template.subject?.isEmpty != false { errors.append(.missing("subject")) }
        if !errors.isEmpty { throw InvalidInput(errors) }
        return template
    }

    /// Sends a template to whoever tries it, with the names of its variables for values.
    ///
    /// - Parameter address: of a mail or short message; else it goes to the user's own devices, chat or list.
    package func attempt(_ id: ID<StoredTemplate>, to address: String?, of user: UUID) async throws {
        let template = try await find(id)
        let values = Dictionary(uniqueKeysWithValues: template.key.variables.map { ($0, "[\($0)]") })
        let text = template.text
        var notice = Notice(
            template.key.category, subject: text.filled(text.subject, with: values), body: text.filled(text.body, with: values))
        notice.html = template.type == .email ? text.html(with: values) : nil
        notice.design = template.providerTemplateID.map { ProviderTemplate(id: $0, data: values) }
        let database = notifications.database
        try await database.transaction { _ in
            switch template.type {
            case .email, .sms:
                guard let address else { throw NotificationProblem.addressMissing.on("to") }
                _ = try await notifications.add(
                    NewMessage(type: template.type, userID: nil, recipient: address, notice: notice), from: nil)
            case .push:
                let devices = try await notifications.devices(of: user)
                if devices.isEmpty { throw NotificationProblem.addressMissing.problem }
                _ = try await notifications.push(notice, .empty, to: devices)
            case .telegram:
                guard try await notifications.tell(notice, atTelegram: user, in: .v7(), from: nil) else {
                    throw NotificationProblem.addressMissing.problem
                }
            case .inApp, .whatsapp: try await notifications.list(notice, for: user, in: .v7())
            }
        }
    }
}
