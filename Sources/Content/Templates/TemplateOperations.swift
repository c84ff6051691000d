import Identity
import JSON
import Service
import Values

/// How templates are reached.
enum TemplateOperations {
    private static let base = "/api/v1/admin/content/templates"
    private static let open = "/api/v1/content/templates"
    private static let tag = "Content"

    static func all(_ module: ContentModule) -> [Operation] { reading(module) + staff(module) + writing(module) }

    private static func reading(_ module: ContentModule) -> [Operation] {
        let database = module.database
        return [
            .list(
                open, "listTemplates", "Document templates of a product", tag: tag, who: .anyone,
                filter: TemplateFilter.self, item: TemplateCard.self, sort: ["-createdAt"]
            ) { _, filter, page in
                Page(
                    try await database.all(TemplateQueries.shown(filter, page)).map(TemplateCard.init),
                    total: try await database.one(TemplateQueries.shownCount(filter)))
            }.cached(as: "content:templates", for: ContentNames.lifetime, audience: .everyone),
            .get(
                open + "/{id}", "getTemplate", "A document template", tag: tag, who: .anyone,
                problems: [HouseProblem.notFound], answer: TemplateCard.self
            ) { call in
                TemplateCard(template: try await module.openTemplate(try call.id()))
            }.cached(as: "content:templates", for: ContentNames.lifetime, audience: .everyone),
            .post(
                open + "/{id}/render", "renderTemplate", "Fill in a document", tag: tag, who: .signedIn,
                problems: [ContentProblem.premiumRequired], body: RenderBody.self, answer: RenderedView.self, status: 200
            ) { call, body in
                let template = try await module.openTemplate(try call.id())
                if template.isPremium {
                    try await module.requirePremium(template, call.caller)
                }
                let content = try template.rendered(body.variables)
                try await database.execute(TemplateQueries.downloaded(template.id))
                return RenderedView(content: content)
            }.invalidating("content:templates"),
        ]
    }

    private static func staff(_ module: ContentModule) -> [Operation] {
        let database = module.database
        return [
            .list(
                base, "listAllTemplates", "All templates, the newest first", tag: tag, who: .permission(.contentRead),
                filter: AnyTemplateFilter.self, item: DocumentTemplate.self, sort: ["-createdAt"]
            ) { call, filter, page in
                try call.caller.requirePlatform(.contentRead)
                return Page(
                    try await database.all(TemplateQueries.list(filter, page)),
                    total: try await database.one(TemplateQueries.count(filter)))
            },
            .get(
                base + "/{id}", "getAnyTemplate", "One template, whatever its status", tag: tag,
                who: .permission(.contentRead), answer: DocumentTemplate.self
            ) { call in
                try call.caller.requirePlatform(.contentRead)
                return try await module.template(try call.id())
            },
            .feed(
                base + "/{id}/versions", "listTemplateVersions", "What a template said, the newest first", tag: tag,
                who: .permission(.contentRead), filter: Empty.self, item: ContentVersion.self
            ) { call, _, request in
                try call.caller.requirePlatform(.contentRead)
                return try await database.versions("template", of: try await module.template(try call.id()).id.uuid, request)
            },
        ]
    }

    private static func writing(_ module: ContentModule) -> [Operation] {
        let database = module.database
        return [
            .post(
                base, "writeTemplate", "Write a document template", tag: tag, who: .permission(.contentCreate),
                body: NewTemplateBody.self, answer: DocumentTemplate.self, location: { "\(base)/\($0.id)" }
            ) { call, body in
                try call.caller.requirePlatform(.contentCreate)
                let template = try body.template(at: call.now)
                return try await database.transaction { _ in
                    try await database.execute(TemplateQueries.insert(template))
                    try await database.execute(
                        PageQueries.keep(template.newVersion(by: try call.caller.user()), at: call.now))
                    await module.record("template_written", "document_template", template.id.uuid, by: call)
                    return template
                }
            }.invalidating("content:templates"),
            .patch(
                base + "/{id}", "changeTemplate", "Change a template; new words are a new version", tag: tag,
                who: .permission(.contentUpdate), body: ChangedTemplateBody.self, answer: DocumentTemplate.self
            ) { call, body in
                try call.caller.requirePlatform(.contentUpdate)
                return try await database.transaction { _ in
                    let before = try await module.locked(template: try call.id(), by: call.caller)
                    let template = try body.applied(to: before)
                    try await database.execute(TemplateQueries.save(template, at: call.now))
                    if template.version != before.version {
                        try await database.execute(
                            PageQueries.keep(template.newVersion(by: try call.caller.user()), at: call.now))
                    }
                    await module.record(
                        "template_changed", "document_template", template.id.uuid, template.changes(since: before), by: call)
                    return try await module.template(template.id)
                }
            }.invalidating("content:templates"),
            .delete(
                base + "/{id}", "deleteTemplate", "Delete a template", tag: tag, who: .permission(.contentDelete)
            ) { call in
                try call.caller.requirePlatform(.contentDelete)
                try await database.transaction { _ in
                    let template = try await module.locked(template: try call.id(), by: call.caller)
                    try await database.execute(TemplateQueries.delete(template.id, at: call.now))
                    await module.record("template_deleted", "document_template", template.id.uuid, by: call)
                }
            }.invalidating("content:templates"),
        ]
    }
}

extension ContentModule {
    fileprivate func template(_ id: ID<DocumentTemplate>) async throws -> DocumentTemplate {
        guard let template = try await database.first(TemplateQueries.template(id)) else {
            throw HouseProblem.notFound.problem
        }
        return template
    }

    /// Staff try what they have written.
    fileprivate func requirePremium(_ template: DocumentTemplate, _ caller: Caller) async throws {
        if caller.can(.contentRead, on: []) { return }
        guard let premium, try await premium(try caller.user(), template.product) else {
            throw ContentProblem.premiumRequired
        }
    }

    fileprivate func openTemplate(_ id: ID<DocumentTemplate>) async throws -> DocumentTemplate {
        guard let template = try await database.first(TemplateQueries.open(id)) else { throw HouseProblem.notFound.problem }
        return template
    }

    fileprivate func locked(template id: ID<DocumentTemplate>, by caller: Caller) async throws -> DocumentTemplate {
        guard let template = try await database.first(TemplateQueries.lock(id)) else { throw HouseProblem.notFound.problem }
        try await caller.checkMatch()
        return template
    }
}

extension NewTemplateBody {
    fileprivate func template(at now: Instant) throws -> DocumentTemplate {
        let text = try ContentNames.cleaned(content, atLeast: 1)
        try DocumentTemplate.check(text, variables)
        return DocumentTemplate(
            id: .new(), createdAt: now, updatedAt: now, product: product, title: title, description: description,
            category: category, content: text, variables: variables, isPremium: isPremium, isPublic: isPublic,
            price: try DocumentTemplate.price(price, currency), downloadCount: 0, status: status, version: 1, tags: tags)
    }
}

extension ChangedTemplateBody {
    fileprivate func applied(to old: DocumentTemplate) throws -> DocumentTemplate {
        var template = old
        template.title = title.value(or: old.title)
        template.description = description.value(or: old.description)
        template.category = category.value(or: old.category)
        if let content = content.value { template.content = try ContentNames.cleaned(content, atLeast: 1) }
        template.variables = variables.value(or: old.variables)
        template.isPremium = isPremium.value(or: old.isPremium)
        template.isPublic = isPublic.value(or: old.isPublic)
        template.price = try DocumentTemplate.price(
            price.value(or: old.price?.decimal), currency.value(or: old.price?.currency))
        template.status = status.value(or: old.status)
        template.tags = tags.value(or: old.tags)
        try DocumentTemplate.check(template.content, template.variables)
        let isNew =
            template.title != old.title || template.content != old.content || template.variables != old.variables
        if isNew { template.version += 1 }
        return template
    }
}

extension DocumentTemplate {
    fileprivate func newVersion(by author: UUID) -> NewVersion {
        NewVersion(
            type: "template", object: id.uuid, number: version, title: title, content: content,
            variables: JSONText(encoding: variables), author: author)
    }

    fileprivate func changes(since old: DocumentTemplate) -> [AuditChange?] {
        [
            AuditChange("title", .text(old.title), .text(title)),
            AuditChange("version", .number(Int64(old.version)), .number(Int64(version))),
            AuditChange("status", AuditValue(old.status), AuditValue(status)),
            AuditChange("isPremium", .flag(old.isPremium), .flag(isPremium)),
            AuditChange("isPublic", .flag(old.isPublic), .flag(isPublic)),
            AuditChange("price", AuditValue(old.price?.decimal), AuditValue(price?.decimal)),
            AuditChange("currency", AuditValue(old.price?.currency.code), AuditValue(price?.currency.code)),
        ]
    }
}
