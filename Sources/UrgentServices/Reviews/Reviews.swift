import JSON
import Postgres
import Runtime
import Service
import Values

/// The door of ratings: customers rate executors of their orders.
struct Reviews: Sendable {
    let database: Database
    let events: Outbox
    let users: UrgentUsers
    /// Contacts inside of descriptions are hidden from whoever has not paid for them.
    let masks: Bool
    /// How many a list goes back.
    let reach: Int
    /// What guests ask for at once.
    private let pages = SharedReads<ReviewQuery, Page>()

    init(database: Database, events: Outbox, users: UrgentUsers, terms: UrgentTerms) {
        self.database = database
        self.events = events
        self.users = users
        masks = terms.masksContacts
        reach = terms.reach
    }

    /// A stretch of a list, and how many there are in all.
    typealias Page = (rows: [ClientReview], total: Int)

    /// What the public list shows somebody, newest first; what guests ask for at the same time is read once. Throws 401 for a
    /// guest who asks for his own.
    func page(_ query: ReviewQuery, for viewer: Viewer, on loop: EventLoop) async throws -> Page {
        let condition = try query.condition(for: viewer)
        guard viewer.id == nil else { return try await page(condition, for: viewer.id, query.slice) }
        return try await pages.read(query, on: loop) { [self] in try await page(condition, for: nil, query.slice) }
    }

    /// What the condition selects, newest first, and how many these are, as far as a list goes back.
    func page(_ condition: ReviewCondition, for reader: Int?, _ slice: Slice) async throws -> Page {
        let rows = try await database.all(ClientReviewQueries.page(condition, for: reader, slice.within(reach)))
        return (rows, try await database.one(ClientReviewQueries.count(condition, reach: reach)))
    }

    /// Rates the executor of an order that has ended, once. The order is held first, then the executor, whose rating
    /// follows in the same transaction.
    ///
    /// Throws `order_not_found`, also for whoever is not its customer, `order_not_finished`, `no_executor`,
    /// `executor_did_not_take`, `already_reviewed`.
    func write(_ given: NewReviewBody, by client: Int) async throws -> Int {
        let body = given.normalised
        return try await database.transaction { _ in
            guard let order = try await database.first(ClientReviewQueries.lockOrder(body.order)), order.clientID == client else {
                throw UrgentProblem.orderNotFound
            }
            try await users.refuseBlocked(client)
            let executor = try order.executor(named: body.executor)
            let (_, written, rating) = try await database.write(
                ClientReviewQueries.lockRating(of: executor), ClientReviewQueries.insert(body, by: client, of: executor),
                ClientReviewQueries.rate(executor))
            guard let review = written.first, let rating = rating.first else { throw UrgentProblem.alreadyReviewed }
            try await events.publish(
                Event(
                    "urgent.review_received", "urgent_review", nil,
                    data: JSONText(
                        encoding: ReviewNews(
                            order: body.order, review: review, executor: executor, rating: body.rating, average: rating.average))))
            return review
        }
    }

    func said(of order: String, by user: Int) async throws -> SaidOfOrder {
        try await database.one(ClientReviewQueries.said(of: order, by: user))
    }

    /// Staff hide a review, or show it again; the executor's rating follows. Inside a transaction.
    ///
    /// - Returns: the review as it was. Throws 404, and `already_done` where it is so already.
    func moderate(_ id: Int, to status: ReviewStatus, by moderator: Int, reason: String) async throws -> ClientReview {
        guard let review = try await database.first(ClientReviewQueries.lock(id)) else { throw UrgentProblem.notFound }
        guard review.status != status else { throw UrgentProblem.alreadyDone }
        try await database.write(
            ClientReviewQueries.lockRating(of: review.executor.id),
            ClientReviewQueries.moderate(id, to: status, by: moderator, reason: reason),
            ClientReviewQueries.rate(review.executor.id))
        return review
    }
}

/// `urgent.review_received`: what the executor hears of his rating, without the words.
struct ReviewNews: WireOutput {
    let order: String
    let review: Int
    let executor: Int
    let rating: Int
    let average: Percent

    static let shape = Shape<ReviewNews>(
        output: "UrgentReviewNews",
        Field("order", { $0.order }), Field("review", { $0.review }), Field("executor", { $0.executor }),
        Field("rating", { $0.rating }), Field("average_rating", { $0.average }))
}
