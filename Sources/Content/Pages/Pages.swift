import Cache
import Postgres
import Service
import Values

/// The door of pages.
package final class Pages: Sendable {
    let database: Database
    private let cache: Cache
    let clock: Clock

    init(database: Database, cache: Cache, clock: Clock) {
        self.database = database
        self.cache = cache
        self.clock = clock
    }

    func published(_ slug: String, _ query: PageQuery) async throws -> LegalPage {
        guard let page = try await database.first(PageQueries.published(slug, query)) else {
            throw HouseProblem.notFound.problem
        }
        return page
    }

    func page(_ id: ID<LegalPage>) async throws -> LegalPage {
        guard let page = try await database.first(PageQueries.page(id)) else { throw HouseProblem.notFound.problem }
        return page
    }

    func write(_ body: NewPageBody, by author: UUID) async throws -> LegalPage {
        let now = clock.now()
        let page = LegalPage(
            id: .new(), createdAt: now, updatedAt: now, product: body.product, locale: body.locale, slug: body.slug,
            title: body.title, content: try ContentNames.cleaned(body.content, atLeast: 100), type: body.pageType,
            excerpt: body.excerpt, seo: body.seo ?? .none, state: .draft, version: 1)
        return try await database.transaction { _ in
            guard try await database.execute(PageQueries.insert(page)) == 1 else { throw ContentProblem.slugTaken }
            try await database.execute(PageQueries.keep(page.newVersion(by: author), at: now))
            return page
        }
    }

    /// What its words become is a version of its own.
    func change(
        _ id: ID<LegalPage>, _ body: ChangedPageBody, by caller: Caller
    ) async throws -> (before: LegalPage, after: LegalPage) {
        let author = try caller.user()
        return try await database.transaction { _ in
            let before = try await locked(id)
            try await caller.checkMatch()
            var page = before
            page.slug = body.slug.value(or: page.slug)
            page.title = body.title.value(or: page.title)
            if let content = body.content.value { page.content = try ContentNames.cleaned(content, atLeast: 100) }
            page.excerpt = body.excerpt.value(or: page.excerpt)
            page.seo = body.seo.value(or: page.seo)
            let isNew = page.title != before.title || page.content != before.content
            if isNew { page.version += 1 }
            let now = clock.now()
            guard try await database.execute(PageQueries.save(page, at: now)) == 1 else { throw ContentProblem.slugTaken }
            if isNew { try await database.execute(PageQueries.keep(page.newVersion(by: author), at: now)) }
            try await cache.del("content:pages")
            return (before, try await self.page(id))
        }
    }

    func delete(_ id: ID<LegalPage>, by caller: Caller) async throws -> LegalPage {
        try await database.transaction { _ in
            let page = try await locked(id)
            try await caller.checkMatch()
            guard page.state.status == .draft else { throw ContentProblem.invalidState }
            try await database.execute(PageQueries.delete(id, at: clock.now()))
            return page
        }
    }

    func move(
        _ id: ID<LegalPage>, _ step: (inout PageState, Instant) throws -> Void
    ) async throws -> (before: LegalPage, after: LegalPage) {
        try await database.transaction { _ in
            let before = try await locked(id)
            var state = before.state
            let now = clock.now()
            try step(&state, now)
            try await bring(before, to: state, at: now)
            return (before, try await page(id))
        }
    }

    /// Publishes what is due. Repeatable: what another instance has in hand is passed over.
    func publishDue() async throws {
        while try await publishSome() {}
    }

    private func publishSome() async throws -> Bool {
        try await database.transaction { _ in
            let now = clock.now()
            guard let page = try await database.first(PageQueries.due(at: now, limit: 1)) else { return false }
            var state = page.state
            try state.publish(at: now)
            try await bring(page, to: state, at: now)
            return true
        }
    }

    /// Inside a transaction. A published page takes the place of the one of its type.
    private func bring(_ page: LegalPage, to state: PageState, at now: Instant) async throws {
        if state.status == .published {
            _ = try await database.first(PageQueries.lockType(page))
            try await database.execute(PageQueries.retire(before: page, at: now))
        }
        try await database.execute(PageQueries.save(state, of: page.id, at: now))
        try await cache.del("content:pages")
    }

    private func locked(_ id: ID<LegalPage>) async throws -> LegalPage {
        guard let page = try await database.first(PageQueries.lock(id)) else { throw HouseProblem.notFound.problem }
        return page
    }
}

extension LegalPage {
    fileprivate func newVersion(by author: UUID) -> NewVersion {
        NewVersion(
            type: "page", object: id.uuid, number: version, title: title, content: content, variables: nil, author: author)
    }
}
