import Postgres
import Service
import Values

/// The SQL of reviews.
enum ReviewQueries {
    private static let columns: SQL = """
        v.id, v.created_at, v.updated_at, v.subject_type, v.subject_id, v.basis_type, v.basis_id, v.author_id,
        concat_ws(' ', nullif(u.first_name, ''), nullif(left(u.last_name, 1), '') || '.'), v.rating, v.title, v.text,
        v.is_verified, v.helpful_count, v.reply, v.replied_at, v.status, v.moderation_reason,
        v.file_ids
        """
    private static let tables: SQL = "reviews.reviews v join identity.users u on u.id = v.author_id"

    static func review(_ id: ID<Review>) -> Statement<Review> {
        Statement("select \(columns) from \(tables) where v.id = \(id) and v.deleted_at is null")
    }

    static func lock(_ id: ID<Review>) -> Statement<Review> {
        Statement("select \(columns) from \(tables) where v.id = \(id) and v.deleted_at is null for update of v")
    }

    /// Indexes `reviews_visible`, `reviews_helpful`, `reviews_hidden`, `reviews_author`.
    static func page(_ filter: ReviewFilter, author: UUID?, _ page: PageRequest) -> Statement<Review> {
        Statement(
            """
            select \(columns) from \(tables) where \(matching(filter, author))
             order by \(order(page)) limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ filter: ReviewFilter, author: UUID?) -> Statement<Int> {
        Statement("select count(*) from reviews.reviews v where \(matching(filter, author))")
    }

    /// - Parameter author: whose own are asked for, whatever their status.
    private static func matching(_ filter: ReviewFilter, _ author: UUID?) -> SQL {
        var condition: SQL = "v.deleted_at is null"
        if let author {
            condition = "\(condition) and v.author_id = \(author)"
        } else {
            let standing: SQL = filter.hidden ? "v.status = 'hidden'" : "v.status = 'visible'"
            condition = "\(condition) and \(standing)"
        }
        if let subject = filter.subject {
            condition = "\(condition) and v.subject_type = \(subject.type.name) and v.subject_id = \(subject.id)"
        }
        if let rating = filter.rating { condition = "\(condition) and v.rating = \(rating)" }
        return condition
    }

    static let sortable = ["-createdAt", "helpfulCount"]

    private static func order(_ page: PageRequest) -> SQL {
        switch (page.sort, page.isDescending) {
        case ("helpfulCount", false): "v.helpful_count, v.id"
        case ("helpfulCount", true): "v.helpful_count desc, v.id desc"
        case (_, false): "v.id"
        case (_, true): "v.id desc"
        }
    }

    /// Nothing is written when the author has reviewed the basis, or without one the subject.
    static func insert(_ id: ID<Review>, _ body: NewReviewBody, on basis: ReviewBasis, by author: UUID, at now: Instant) -> Command {
        Command(
            """
            insert into reviews.reviews (id, created_at, updated_at, subject_type, subject_id, basis_type, basis_id,
                author_id, rating, title, text, is_verified, file_ids)
            values (\(id), \(now), \(now), \(body.subject.type.name), \(body.subject.id), \(basis.object?.type.name),
                \(basis.object?.id), \(author), \(body.rating), \(body.title), \(body.text), \(basis.isVerified),
                \(body.fileIDs))
            on conflict do nothing
            """)
    }

    static func change(
        _ id: ID<Review>, rating: Int, title: String?, text: String?, files: [UUID], at now: Instant
    ) -> Command {
        Command(
            """
            update reviews.reviews set updated_at = \(now), rating = \(rating), title = \(title), text = \(text),
                file_ids = \(files)
             where id = \(id)
            """)
    }

    static func delete(_ id: ID<Review>, at now: Instant) -> Command {
        Command("update reviews.reviews set deleted_at = \(now), updated_at = \(now) where id = \(id)")
    }

    static func reply(_ id: ID<Review>, _ text: String, at now: Instant) -> Command {
        Command(
            "update reviews.reviews set reply = \(text), replied_at = \(now), updated_at = \(now) where id = \(id)")
    }

    static func moderate(
        _ id: ID<Review>, to status: ReviewStatus, reason: String?, by moderator: UUID, at now: Instant
    ) -> Command {
        Command(
            """
            update reviews.reviews set status = \(status), moderation_reason = \(reason), moderated_by = \(moderator),
                updated_at = \(now)
             where id = \(id)
            """)
    }

    // MARK: Votes

    /// The review's row is locked: of several votes at once each is counted.
    static func vote(_ id: ID<Review>, by user: UUID, at now: Instant) -> Command {
        Command(
            """
            with vote as (
                insert into reviews.votes (review_id, user_id, created_at) values (\(id), \(user), \(now))
                on conflict do nothing returning review_id
            )
            update reviews.reviews r set helpful_count = helpful_count + 1 from vote where r.id = vote.review_id
            """)
    }

    static func withdrawVote(_ id: ID<Review>, by user: UUID) -> Command {
        Command(
            """
            with vote as (
                delete from reviews.votes where review_id = \(id) and user_id = \(user) returning review_id
            )
            update reviews.reviews r set helpful_count = helpful_count - 1 from vote where r.id = vote.review_id
            """)
    }

    // MARK: Summaries

    static func summary(of subject: Scope) -> Statement<ReviewSummary> {
        Statement(
            """
            select one, two, three, four, five from reviews.summaries
             where subject_type = \(subject.type.name) and subject_id = \(subject.id)
            """)
    }

    /// Adds to the counts of a subject, or takes from them, under the lock of its row.
    ///
    /// - Parameter changes: how many more gave one star, two, … five.
    static func move(_ subject: Scope, by changes: [Int]) -> Statement<ReviewSummary> {
        Statement(
            """
            insert into reviews.summaries as s (subject_type, subject_id, one, two, three, four, five)
            values (\(subject.type.name), \(subject.id), greatest(\(changes[0])::int, 0), greatest(\(changes[1])::int, 0),
                greatest(\(changes[2])::int, 0), greatest(\(changes[3])::int, 0), greatest(\(changes[4])::int, 0))
            on conflict (subject_type, subject_id) do update set one = s.one + \(changes[0])::int,
                two = s.two + \(changes[1])::int, three = s.three + \(changes[2])::int,
                four = s.four + \(changes[3])::int, five = s.five + \(changes[4])::int
            returning one, two, three, four, five
            """)
    }

    static var samples: [StatementSample] {
        let now = Instant.distantPast
        let body = NewReviewBody(subjectType: "a", subjectID: .zero, basisID: nil, rating: 5, title: nil, text: nil, fileIDs: [])
        let filter = ReviewFilter(subjectType: "a", subjectID: .zero, rating: 5, mine: false, hidden: true)
        let order = PageRequest(sort: "createdAt")
        let subject = Scope("a", .zero)
        return [
            StatementSample("review", review(.new())), StatementSample("review, locked", lock(.new())),
            StatementSample("reviews", page(filter, author: nil, order)),
            StatementSample("own reviews", page(filter, author: .zero, PageRequest(sort: "helpfulCount"))),
            StatementSample("reviews, counted", count(filter, author: nil)),
            StatementSample(
                "new review", insert(.new(), body, on: ReviewBasis(nil, isVerified: true), by: .zero, at: now)),
            StatementSample("changed review", change(.new(), rating: 1, title: nil, text: nil, files: [], at: now)),
            StatementSample("deleted review", delete(.new(), at: now)),
            StatementSample("answered review", reply(.new(), "a", at: now)),
            StatementSample("moderated review", moderate(.new(), to: .hidden, reason: "a", by: .zero, at: now)),
            StatementSample("vote", vote(.new(), by: .zero, at: now)),
            StatementSample("withdrawn vote", withdrawVote(.new(), by: .zero)),
            StatementSample("summary", summary(of: subject)),
            StatementSample("moved summary", move(subject, by: [0, 0, 0, 0, 0])),
        ]
    }
}
