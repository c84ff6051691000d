import Crypto
import JSON
import Identity
import Service
import Values

/// How questions are reached.
enum FaqOperations {
    private static let base = "/api/v1/admin/content/faqs"
    private static let open = "/api/v1/content/faqs"
    private static let tag = "Content"

    static func all(_ module: ContentModule) -> [Operation] { reading(module) + writing(module) }

    private static func reading(_ module: ContentModule) -> [Operation] {
        [
            .list(
                open, "listFaqs", "Questions and answers of a product", tag: tag, who: .anyone, filter: FaqFilter.self,
                item: Faq.self, sort: ["displayOrder"]
            ) { _, filter, page in
                Page(
                    try await module.database.all(FaqQueries.shown(filter, page)),
                    total: try await module.database.one(FaqQueries.shownCount(filter)))
            }.cached(as: "content:faqs", for: ContentNames.lifetime, audience: .everyone),
            .action(
                open + "/{id}/view", "viewFaq", "Somebody has opened a question", tag: tag, who: .anyone,
                problems: [HouseProblem.notFound], answer: Faq.self
            ) { call in
                try await module.count(.view, call)
            }.described("Counted once a day for an account, or for an address."),
            .post(
                open + "/{id}/feedback", "rateFaq", "Say whether an answer helped", tag: tag, who: .anyone,
                problems: [HouseProblem.notFound], body: FaqFeedbackBody.self, answer: Faq.self, status: 200
            ) { call, body in
                try await module.count(body.helpful ? .helpful : .notHelpful, call)
            }.described("Counted once a day for an account, or for an address."),
        ]
    }

    private static func writing(_ module: ContentModule) -> [Operation] {
        let database = module.database
        return [
            .list(
                base, "listAllFaqs", "All questions in their order", tag: tag, who: .permission(.contentRead),
                filter: AnyTextFilter.self, item: Faq.self, sort: ["displayOrder"]
            ) { call, filter, page in
                try call.caller.requirePlatform(.contentRead)
                return Page(
                    try await database.all(FaqQueries.list(filter, page)),
                    total: try await database.one(FaqQueries.count(filter)))
            },
            .post(
                base, "writeFaq", "Write a question and its answer", tag: tag, who: .permission(.contentCreate),
                body: NewFaqBody.self, answer: Faq.self, location: { "\(base)/\($0.id)" }
            ) { call, body in
                try call.caller.requirePlatform(.contentCreate)
                let faq = Faq(
                    id: .new(), createdAt: call.now, updatedAt: call.now, product: body.product, locale: body.locale,
                    question: body.question, answer: try body.answer.cleanedAnswer, category: body.category,
                    displayOrder: body.displayOrder, status: body.status, viewCount: 0, helpfulCount: 0, notHelpfulCount: 0)
                return try await database.transaction { _ in
                    try await database.execute(FaqQueries.insert(faq))
                    await module.record("faq_written", "faq", faq.id.uuid, by: call)
                    return faq
                }
            }.invalidating("content:faqs"),
            .get(
                base + "/{id}", "getFaq", "One question", tag: tag, who: .permission(.contentRead), answer: Faq.self
            ) { call in
                try call.caller.requirePlatform(.contentRead)
                return try await module.faq(try call.id())
            },
            .patch(
                base + "/{id}", "changeFaq", "Change a question", tag: tag, who: .permission(.contentUpdate),
                body: ChangedFaqBody.self, answer: Faq.self
            ) { call, body in
                try call.caller.requirePlatform(.contentUpdate)
                return try await database.transaction { _ in
                    guard let before = try await database.first(FaqQueries.lock(try call.id())) else {
                        throw HouseProblem.notFound.problem
                    }
                    try await call.caller.checkMatch()
                    var faq = before
                    faq.question = body.question.value(or: faq.question)
                    if let answer = body.answer.value { faq.answer = try answer.cleanedAnswer }
                    faq.category = body.category.value(or: faq.category)
                    faq.displayOrder = body.displayOrder.value(or: faq.displayOrder)
                    faq.status = body.status.value(or: faq.status)
                    try await database.execute(FaqQueries.save(faq, at: call.now))
                    await module.record("faq_changed", "faq", faq.id.uuid, faq.changes(since: before), by: call)
                    return try await module.faq(faq.id)
                }
            }.invalidating("content:faqs"),
            .delete(
                base + "/{id}", "deleteFaq", "Delete a question", tag: tag, who: .permission(.contentDelete)
            ) { call in
                try call.caller.requirePlatform(.contentDelete)
                try await database.transaction { _ in
                    guard let faq = try await database.first(FaqQueries.lock(try call.id())) else {
                        throw HouseProblem.notFound.problem
                    }
                    try await call.caller.checkMatch()
                    try await database.execute(FaqQueries.delete(faq.id, at: call.now))
                    await module.record("faq_deleted", "faq", faq.id.uuid, by: call)
                }
            }.invalidating("content:faqs"),
            .post(
                base + "/reorder", "reorderFaqs", "Put questions in order", tag: tag, who: .permission(.contentUpdate),
                body: ReorderBody.self, answer: ReorderedView.self, status: 200
            ) { call, body in
                try call.caller.requirePlatform(.contentUpdate)
                return try await database.transaction { _ in
                    let view = ReorderedView(updated: try await database.execute(FaqQueries.reorder(body.ids, at: call.now)))
                    await module.record("faqs_reordered", "faq", nil, by: call)
                    return view
                }
            }.invalidating("content:faqs"),
        ]
    }
}

extension ContentModule {
    func faq(_ id: ID<Faq>) async throws -> Faq {
        guard let faq = try await database.first(FaqQueries.faq(id)) else { throw HouseProblem.notFound.problem }
        return faq
    }

    /// An address is kept as a digest that the next day cannot be compared with.
    fileprivate func count(_ vote: FaqVote, _ call: Call) async throws -> Faq {
        let day = call.now.day
        let voter = call.caller.userID.map { "user:\($0)" }
            ?? "address:" + Hex.encode(SHA256.digest(of: Array("\(call.caller.address)|\(day)".utf8)))
        let id: ID<Faq> = try call.id()
        return try await database.transaction { _ in
            let isNew = try await database.execute(FaqQueries.count(vote, of: id, by: voter, on: day)) > 0
            if isNew { try await cache.del("content:faqs") }
            let faq = try await faq(id)
            guard faq.status == .active else { throw HouseProblem.notFound.problem }
            return faq
        }
    }
}

extension String {
    fileprivate var cleanedAnswer: String {
        get throws {
            let text = Markup.cleaned(self)
            guard (1...10_000).contains(text.unicodeScalars.count) else {
                throw InvalidInput(field: "answer", code: "length", message: "1 to 10,000 characters once it is cleaned.")
            }
            return text
        }
    }
}

extension Faq {
    fileprivate func changes(since old: Faq) -> [AuditChange?] {
        [
            AuditChange("question", .text(old.question), .text(question)),
            AuditChange("answer", .text(old.answer), .text(answer)),
            AuditChange("category", .text(old.category), .text(category)),
            AuditChange("displayOrder", .number(Int64(old.displayOrder)), .number(Int64(displayOrder))),
            AuditChange("status", AuditValue(old.status), AuditValue(status)),
        ]
    }
}
