import Cache
import Files
import JSON
import Postgres
import Service
import Values

/// The door of reviews. Everything joins the caller's transaction.
package final class Reviews: Sendable {
    let database: Database
    private let subjects: [ScopeType: ReviewSubject]
    private let events: Outbox
    private let cache: Cache
    let files: FileUse
    private let clock: Clock

    package init(
        database: Database, subjects: [ReviewSubject], events: Outbox, cache: Cache, files: FileUse, clock: Clock = .system
    ) {
        self.files = files
        self.database = database
        self.cache = cache
        self.events = events
        self.clock = clock
        self.subjects = Dictionary(subjects.map { ($0.type, $0) }) { first, _ in
            preconditionFailure("two review subjects are called \(first.type)")
        }
    }

    // MARK: Reading

    func page(_ filter: ReviewFilter, _ page: PageRequest, for caller: Caller) async throws -> Page<ReviewView> {
        let author = filter.mine ? try caller.user() : nil
        var isModerator = false
        if let subject = filter.subject {
            let path = try await path(of: subject)
            isModerator = caller.can(.reviewsManage, on: path)
        }
        if filter.hidden, !filter.mine, !isModerator {
            throw (caller.userID == nil ? HouseProblem.unauthorized : .forbidden).problem
        }
        let rows = try await database.all(ReviewQueries.page(filter, author: author, page))
        return Page(
            rows.map { ReviewView(review: $0, isInside: isModerator || $0.authorID == caller.userID) },
            total: try await database.one(ReviewQueries.count(filter, author: author)))
    }

    func summary(of subject: Scope) async throws -> ReviewSummary {
        _ = try await path(of: subject)
        return try await database.first(ReviewQueries.summary(of: subject)) ?? .none
    }

    // MARK: Writing

    func write(_ body: NewReviewBody, by caller: Caller) async throws -> ReviewView {
        let author = try caller.user()
        let path = try await path(of: body.subject)
        try caller.decidedByOwnership(on: path)
        return try await database.transaction { _ in
            guard let subject = subjects[body.subject.type],
                let basis = try await subject.eligibility(body.subjectID, body.basisID, author)
            else { throw ReviewProblem.notEligible }
            let id = ID<Review>.new()
            let insert = ReviewQueries.insert(id, body, on: basis, by: author, at: clock.now())
            guard try await database.execute(insert) == 1 else { throw ReviewProblem.alreadyReviewed }
            try await attach(body.fileIDs, to: id, of: author)
            try await count([(body.rating, 1)], of: body.subject, "review.changed", id)
            return try await view(id, for: caller)
        }
    }

    func change(_ id: ID<Review>, _ body: ChangedReviewBody, by caller: Caller) async throws -> ReviewView {
        try await database.transaction { _ in
            let review = try await own(id, by: caller)
            let rating = body.rating.value(or: review.rating)
            let pictures = body.fileIDs.value(or: review.fileIDs)
            try await database.execute(
                ReviewQueries.change(
                    id, rating: rating, title: body.title.value(or: review.title), text: body.text.value(or: review.text),
                    files: pictures, at: clock.now()))
            try await replace(review.fileIDs, by: pictures, of: review)
            if review.status == .visible, rating != review.rating {
                try await count([(review.rating, -1), (rating, 1)], of: review.subject, "review.changed", id)
            }
            try await forget()
            return try await view(id, for: caller)
        }
    }

    func delete(_ id: ID<Review>, by caller: Caller) async throws {
        try await database.transaction { _ in
            let review = try await own(id, by: caller)
            try await database.execute(ReviewQueries.delete(id, at: clock.now()))
            try await files.release(Self.object(id), purpose: Self.filePurposeName)
            try await forget()
            if review.status == .visible { try await count([(review.rating, -1)], of: review.subject, "review.changed", id) }
        }
    }

    /// Says that the caller finds it helpful, or no longer does. Twice is once.
    func vote(_ id: ID<Review>, isHelpful: Bool, by caller: Caller) async throws -> ReviewView {
        let user = try caller.user()
        return try await database.transaction { _ in
            let review = try await seen(id, by: caller)
            if review.authorID == user { throw ReviewProblem.ownReview }
            try await database.execute(
                isHelpful ? ReviewQueries.vote(id, by: user, at: clock.now()) : ReviewQueries.withdrawVote(id, by: user))
            try await forget()
            return try await view(id, for: caller)
        }
    }

    /// The subject's side answers; a later answer takes the place of the earlier.
    func reply(_ id: ID<Review>, _ body: ReviewReplyBody, by caller: Caller) async throws -> (review: Review, view: ReviewView) {
        try await database.transaction { _ in
            let review = try await seen(id, by: caller)
            guard let subject = subjects[review.subject.type] else { throw HouseProblem.notFound.problem }
            let path = try await path(of: review.subject)
            guard caller.can(subject.replying, on: path) else { throw HouseProblem.forbidden.problem }
            try caller.decidedByOwnership(on: path)
            try await database.execute(ReviewQueries.reply(id, body.text, at: clock.now()))
            try await forget()
            return (review, try await view(id, for: caller))
        }
    }

    func moderate(
        _ id: ID<Review>, to status: ReviewStatus, reason: String?, by caller: Caller
    ) async throws -> (review: Review, view: ReviewView) {
        let moderator = try caller.user()
        _ = try caller.reach(.reviewsManage)
        return try await database.transaction { _ in
            guard let review = try await database.first(ReviewQueries.lock(id)) else { throw HouseProblem.notFound.problem }
            try caller.require(.reviewsManage, on: try await path(of: review.subject))
            guard review.status != status else { throw ReviewProblem.invalidState }
            try await database.execute(
                ReviewQueries.moderate(id, to: status, reason: reason, by: moderator, at: clock.now()))
            let isHidden = status == .hidden
            try await count(
                [(review.rating, isHidden ? -1 : 1)], of: review.subject, isHidden ? "review.hidden" : "review.restored", id)
            return (review, try await view(id, for: caller))
        }
    }

    // MARK: Within

    /// Moves the summary and tells of it, in the transaction of the review.
    private func count(_ changes: [(rating: Int, by: Int)], of subject: Scope, _ event: String, _ id: ID<Review>) async throws {
        try await forget()
        var stars = [0, 0, 0, 0, 0]
        for change in changes { stars[change.rating - 1] += change.by }
        let summary = try await database.one(ReviewQueries.move(subject, by: stars))
        let news = ReviewNews(subject: subject, summary: summary)
        try await events.publish(Event(event, "review", id.uuid, in: subject, data: JSONText(encoding: news)))
    }

    /// Drops what is kept of reviews, in the transaction of each change (0-platform, 4.12).
    func forget() async throws { try await cache.delPattern("reviews:*") }

    /// Refuses a type that no product registers, and a subject that there is not.
    private func path(of subject: Scope) async throws -> ScopePath {
        guard let type = subjects[subject.type] else {
            throw InvalidInput(field: "subjectType", code: "choice", message: "Nothing of this type is reviewed.")
        }
        guard let id = subject.id, let path = try await type.path(id) else { throw HouseProblem.notFound.problem }
        return path
    }

    /// Inside a transaction: the review, locked, when the caller is its author; else 404, or 403 for one he may see.
    private func own(_ id: ID<Review>, by caller: Caller) async throws -> Review {
        let review = try await seen(id, by: caller)
        guard review.authorID == caller.userID else { throw HouseProblem.forbidden.problem }
        return review
    }

    private func seen(_ id: ID<Review>, by caller: Caller) async throws -> Review {
        let user = try caller.user()
        guard let review = try await database.first(ReviewQueries.lock(id)),
            review.status == .visible || review.authorID == user
        else { throw HouseProblem.notFound.problem }
        return review
    }

    private func view(_ id: ID<Review>, for caller: Caller) async throws -> ReviewView {
        let review = try await database.one(ReviewQueries.review(id))
        let isModerator = caller.can(.reviewsManage, on: try await path(of: review.subject))
        return ReviewView(review: review, isInside: isModerator || review.authorID == caller.userID)
    }
}
