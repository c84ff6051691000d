import JSON
import Postgres
import Support
import Testing
import Values

@testable import UrgentServices

/// What the list of reviews costs, however many there are.
@Suite struct ReviewReachTests {
    private typealias P = Board.Person

    /// Three thousand reviews of the customer's: nearly all of one executor, with five stars; every tenth is hidden.
    private func withReviews(_ body: @escaping @Sendable (Board) async throws -> Void) async throws {
        var options = UrgentDoors.Options()
        options.terms.reach = 100
        try await withBoard(options: options) { board in
            try await board.gather(P.e1, P.e2)
            try await board.past(3000, .completed, takenBy: P.e1)
            try await board.database.execute(
                Command(
                    """
                    insert into urgent.client_reviews (order_id, client_id, executor_id, rating, status, created_at)
                    select o.id, o.client_id, case when n % 100 = 0 then \(P.e2)::bigint else \(P.e1)::bigint end, case when n % 60 = 0 then 1 else 5 end,
                           case when n % 10 = 1 then 'hidden' else 'visible' end, o.created_at
                      from (select o.*, row_number() over (order by o.created_at) as n from urgent.orders o) o
                    """))
            try await board.database.execute(Command("vacuum (analyze) urgent.client_reviews"))
            try await body(board)
        }
    }

    /// By stars, executor, days, both sides of a person, and from far behind.
    @Test func nothingThatIsAskedReadsAllReviews() async throws {
        try await withReviews { board in
            let now = Instant.now
            let conditions = [
                ReviewCondition(status: .visible), ReviewCondition(status: .visible, rating: 1),
                ReviewCondition(status: .visible, executor: P.e2), ReviewCondition(status: .visible, executor: P.e1),
                ReviewCondition(status: .visible, from: now - .days(2), to: now - .days(1)),
                ReviewCondition(status: .visible, client: P.customer), ReviewCondition(status: .visible, about: P.e1),
                ReviewCondition(status: .visible, about: P.customer), ReviewCondition(status: .visible, about: P.e4),
            ]
            for condition in conditions {
                let page = try await board.rowsRead(by: ClientReviewQueries.page(condition, for: nil, Slice(limit: 20, offset: 30)))
                let count = try await board.rowsRead(by: ClientReviewQueries.count(condition, reach: 100))
                #expect(page.rows + page.entries <= 350 && count.rows + count.entries <= 300, "\(condition): \(page), \(count)")
            }
        }
    }

    @Test func totalsAndPagesEndTogether() async throws {
        try await withReviews { board in
            let rows: [(String, Int?, Int, String)] = [
                ("", nil, 50, "100"), ("?offset=60", nil, 40, "100"), ("?offset=100", nil, 0, "100"), ("?offset=1000000000", nil, 0, "100"),
                ("?rating=1&limit=100", nil, 50, "50"), ("?executor_id=2002&limit=100", nil, 30, "30"),
                ("?mine=true&about_me=true&limit=100", P.customer, 100, "100"), ("?mine=true&about_me=1&limit=100", P.e2, 30, "30"),
            ]
            for (query, user, count, total) in rows {
                let answer = try await board.get("/reviews" + query, as: user)
                #expect(answer.json.array?.count == count && answer.field("x-total-count") == total, "\(query): \(answer.json.array?.count ?? -1)")
            }
            let dates = (try await board.get("/reviews?mine=1&about_me=1", as: P.customer).json.array ?? []).compactMap { $0["created_at"]?.string }
            #expect(dates.count == 50 && dates == dates.sorted(by: >))
        }
    }

    /// Guests who ask at the same time read once, and each hears the same.
    @Test func guestsAreAnsweredTogether() async throws {
        try await withReviews { board in
            let before = board.database.metrics.queries
            let answers = try await race(40) { _ in try await board.get("/reviews?limit=3").text }
            #expect(Set(answers).count == 1)
            #expect(board.database.metrics.queries - before < 80)
        }
    }
}
