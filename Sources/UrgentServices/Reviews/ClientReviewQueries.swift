import Postgres
import Service
import Values

/// The SQL of `urgent.client_reviews`, and of the ratings that follow from it.
enum ClientReviewQueries {
    /// - Parameter reader: whose right to the contact is told; nil for a guest.
    private static func columns(for reader: Int?) -> SQL {
        """
        r.id, r.created_at, r.rating::int, r.comment, r.status, r.client_id, c.first_name, r.executor_id, e.first_name,
        r.order_id, o.category, o.description, o.city, o.contact,
        coalesce(r.client_id = \(reader)::bigint or exists (
            select from urgent.executor_takes t where t.order_id = r.order_id and t.executor_id = \(reader)::bigint), false),
        r.moderated_by, r.moderated_at, r.moderation_reason
        """
    }

    private static let tables: SQL = """
        (urgent.client_reviews r join urgent.orders o on o.id = r.order_id
          join urgent.users c on c.id = r.client_id join urgent.users e on e.id = r.executor_id)
        """

    /// Newest first. Indexes `client_reviews_shown`, `_shown_by_rating`, `_shown_of_executor`, `_of_client`; for staff
    /// `_newest`, `_by_rating`, `_hidden`, `_of_executor`.
    static func page(_ condition: ReviewCondition, for reader: Int?, _ page: Slice) -> Statement<ClientReview> {
        let found = SQL.each(condition.parts) { part in
            """
            select r.id, r.created_at from urgent.client_reviews r where \(part)
             order by r.created_at desc, r.id desc limit \(page.depth)
            """
        }
        return Statement(
            """
            select \(columns(for: reader)) from (
                select f.id from (\(found)) f order by f.created_at desc, f.id desc limit \(page.limit) offset \(page.offset)) x
              join \(tables) on r.id = x.id
             order by r.created_at desc, r.id desc
            """)
    }

    /// - Parameter reach: how many are counted.
    static func count(_ condition: ReviewCondition, reach: Int) -> Statement<Int> {
        let found = SQL.each(condition.parts) { "select from urgent.client_reviews r where \($0) limit \(reach)" }
        return Statement("select least(count(*), \(reach)) from (\(found)) f")
    }

    static func review(_ id: Int) -> Statement<ClientReview> {
        Statement("select \(columns(for: nil)) from \(tables) where r.id = \(id)")
    }

    static func lock(_ id: Int) -> Statement<ClientReview> {
        Statement("select \(columns(for: nil)) from \(tables) where r.id = \(id) for no key update of r")
    }

    // MARK: Writing

    /// The order, which nobody changes until the transaction ends, with those who bought its contact.
    static func lockOrder(_ id: String) -> Statement<ReviewableOrder> {
        Statement(
            """
            select o.client_id, \(OrderQueries.effectiveStatus), \(OrderQueries.effectiveReason), o.chosen_executor_id,
                   array(select t.executor_id from urgent.executor_takes t where t.order_id = o.id order by t.taken_at, t.id)
              from urgent.orders o where o.id = \(id) for share of o
            """)
    }

    /// Reviews of one executor are counted one after another: each sees what those before it have written.
    static func lockRating(of executor: Int) -> Command {
        Command("select from urgent.users where id = \(executor) for no key update")
    }

    /// Yields nothing when the customer has rated this order already.
    static func insert(_ body: NewReviewBody, by client: Int, of executor: Int) -> Statement<Int> {
        Statement(
            """
            insert into urgent.client_reviews (order_id, client_id, executor_id, rating, comment)
            values (\(body.order), \(client), \(executor), \(body.rating), \(body.comment))
            on conflict (order_id, client_id) do nothing returning id
            """)
    }

    /// What the executor's visible reviews come to, kept beside him. Index `client_reviews_shown_of_executor` alone.
    static func rate(_ executor: Int) -> Statement<Rating> {
        Statement(
            """
            update urgent.users u
               set average_rating = s.average, reviews_count = s.count, updated_at = now()
              from (select coalesce(round(avg(r.rating), 2), 0)::numeric(3,2) as average, count(*)::int as count
                      from urgent.client_reviews r where r.executor_id = \(executor) and r.status = 'visible') s
             where u.id = \(executor)
            returning u.average_rating, u.reviews_count
            """)
    }

    static func moderate(_ id: Int, to status: ReviewStatus, by moderator: Int, reason: String) -> Command {
        Command(
            """
            update urgent.client_reviews
               set status = \(status), moderated_by = \(moderator), moderated_at = now(), moderation_reason = \(reason)
             where id = \(id)
            """)
    }

    /// What somebody has already said about an order. Indexes `client_reviews_once`, `executor_complaints_once`.
    static func said(of order: String, by user: Int) -> Statement<SaidOfOrder> {
        Statement(
            """
            select exists (select from urgent.client_reviews where order_id = \(order) and client_id = \(user)),
                   exists (select from urgent.executor_complaints where order_id = \(order) and executor_id = \(user))
            """)
    }

    static var samples: [StatementSample] {
        let condition = ReviewCondition(
            status: .visible, rating: 5, client: 1, executor: 1, about: 1, from: .distantPast, to: .distantPast)
        let body = NewReviewBody(order: "", rating: 5, comment: nil, executor: nil)
        return [
            StatementSample("reviews", page(condition, for: 1, Slice())),
            StatementSample("reviews, counted", count(condition, reach: 1)),
            StatementSample("all reviews", page(ReviewCondition(), for: nil, Slice())),
            StatementSample("all reviews, counted", count(ReviewCondition(), reach: 1)),
            StatementSample("hidden reviews", page(ReviewCondition(status: .hidden), for: 1, Slice())),
            StatementSample("review", review(1)), StatementSample("review, locked", lock(1)),
            StatementSample("reviewed order", lockOrder("")), StatementSample("rating, locked", lockRating(of: 1)),
            StatementSample("new review", insert(body, by: 1, of: 1)), StatementSample("rating", rate(1)),
            StatementSample("moderated review", moderate(1, to: .hidden, by: 1, reason: "")),
            StatementSample("said of an order", said(of: "", by: 1)),
        ]
    }
}

/// What one person has said of one order.
struct SaidOfOrder: Row {
    let hasReview: Bool
    let hasComplaint: Bool

    init(_ row: inout RowReader) throws {
        hasReview = try row.next()
        hasComplaint = try row.next()
    }
}
