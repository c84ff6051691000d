import Identity
import JSON
import Service
import Values

/// How pages are reached.
enum PageOperations {
    private static let base = "/api/v1/admin/content/pages"
    private static let tag = "Content"

    static func all(_ module: ContentModule) -> [Operation] { open(module.pages) + writing(module) + steps(module) }

    private static func open(_ pages: Pages) -> [Operation] {
        [
            .list(
                "/api/v1/content/pages", "listPages", "Published pages of a product", tag: tag, who: .anyone,
                filter: PageFilter.self, item: LegalPage.self, sort: ["title"]
            ) { _, filter, page in
                Page(
                    try await pages.database.all(PageQueries.publicPage(filter, page)),
                    total: try await pages.database.one(PageQueries.publicCount(filter)))
            }.cached(as: "content:pages", for: ContentNames.lifetime, audience: .everyone),
            .get(
                "/api/v1/content/pages/{slug}", "getPage", "A published page, in English where there is none in the language",
                tag: tag, who: .anyone, problems: [HouseProblem.notFound], query: PageQuery.self, answer: LegalPage.self
            ) { call, query in
                try await pages.published(try call.text("slug"), query)
            }.cached(as: "content:pages", for: ContentNames.lifetime, audience: .everyone),
        ]
    }

    private static func writing(_ module: ContentModule) -> [Operation] {
        let pages = module.pages
        return [
            .list(
                base, "listAllPages", "Pages, the newest first", tag: tag, who: .permission(.contentRead),
                filter: AnyPageFilter.self, item: LegalPage.self, sort: ["-createdAt"]
            ) { call, filter, page in
                try call.caller.requirePlatform(.contentRead)
                return Page(
                    try await pages.database.all(PageQueries.list(filter, page)),
                    total: try await pages.database.one(PageQueries.count(filter)))
            },
            .post(
                base, "writePage", "Write a page; it is a draft", tag: tag, who: .permission(.contentCreate),
                problems: [ContentProblem.slugTaken], body: NewPageBody.self, answer: LegalPage.self,
                location: { "\(base)/\($0.id)" }
            ) { call, body in
                try call.caller.requirePlatform(.contentCreate)
                return try await pages.database.transaction { _ in
                    let page = try await pages.write(body, by: try call.caller.user())
                    await module.record("page_written", "page", page.id.uuid, by: call)
                    return page
                }
            },
            .get(
                base + "/{id}", "getAnyPage", "One page, whatever its status", tag: tag, who: .permission(.contentRead),
                answer: LegalPage.self
            ) { call in
                try call.caller.requirePlatform(.contentRead)
                return try await pages.page(try call.id())
            },
            .patch(
                base + "/{id}", "changePage", "Change a page; new words are a new version", tag: tag,
                who: .permission(.contentUpdate), problems: [ContentProblem.slugTaken], body: ChangedPageBody.self,
                answer: LegalPage.self
            ) { call, body in
                try call.caller.requirePlatform(.contentUpdate)
                return try await pages.database.transaction { _ in
                    let (before, after) = try await pages.change(try call.id(), body, by: call.caller)
                    await module.record("page_changed", "page", after.id.uuid, after.changes(since: before), by: call)
                    return after
                }
            },
            .delete(
                base + "/{id}", "deletePage", "Delete a draft", tag: tag, who: .permission(.contentDelete),
                problems: [ContentProblem.invalidState]
            ) { call in
                try call.caller.requirePlatform(.contentDelete)
                try await pages.database.transaction { _ in
                    let gone = try await pages.delete(try call.id(), by: call.caller)
                    await module.record("page_deleted", "page", gone.id.uuid, by: call)
                }
            },
            .feed(
                base + "/{id}/versions", "listPageVersions", "What a page said, the newest first", tag: tag,
                who: .permission(.contentRead), filter: Empty.self, item: ContentVersion.self
            ) { call, _, request in
                try call.caller.requirePlatform(.contentRead)
                let page = try await pages.page(try call.id())
                return try await pages.database.versions("page", of: page.id.uuid, request)
            },
        ]
    }

    private static func steps(_ module: ContentModule) -> [Operation] {
        [
            .action(
                base + "/{id}/publish", "publishPage", "Show a page to everybody, in the place of the one of its type",
                tag: tag, who: .permission(.contentUpdate), problems: [ContentProblem.invalidState], answer: LegalPage.self
            ) { call in
                try await module.move(call, "page_published") { state, now in try state.publish(at: now) }
            },
            .action(
                base + "/{id}/unpublish", "unpublishPage", "Make a published or scheduled page a draft again", tag: tag,
                who: .permission(.contentUpdate), problems: [ContentProblem.invalidState], answer: LegalPage.self
            ) { call in
                try await module.move(call, "page_unpublished") { state, _ in try state.unpublish() }
            },
            .post(
                base + "/{id}/schedule", "schedulePage", "Publish a draft at an instant", tag: tag,
                who: .permission(.contentUpdate), problems: [ContentProblem.invalidState], body: ScheduledPageBody.self,
                answer: LegalPage.self, status: 200
            ) { call, body in
                guard body.scheduledFor > call.now, body.scheduledFor < call.now + .days(366) else {
                    throw InvalidInput(field: "scheduledFor", code: "range", message: "In the future, within a year.")
                }
                return try await module.move(call, "page_scheduled") { state, _ in
                    try state.schedule(for: body.scheduledFor)
                }
            },
        ]
    }
}

extension ContentModule {
    fileprivate func move(
        _ call: Call, _ action: String, _ step: (inout PageState, Instant) throws -> Void
    ) async throws -> LegalPage {
        try call.caller.requirePlatform(.contentUpdate)
        return try await pages.database.transaction { _ in
            let (before, after) = try await pages.move(try call.id(), step)
            await record(action, "page", after.id.uuid, after.changes(since: before), by: call)
            return after
        }
    }
}

extension LegalPage {
    fileprivate func changes(since old: LegalPage) -> [AuditChange?] {
        [
            AuditChange("slug", .text(old.slug), .text(slug)), AuditChange("title", .text(old.title), .text(title)),
            AuditChange("version", .number(Int64(old.version)), .number(Int64(version))),
            AuditChange("status", AuditValue(old.state.status), AuditValue(state.status)),
            AuditChange("scheduledFor", AuditValue(old.state.scheduledFor), AuditValue(state.scheduledFor)),
        ]
    }
}
