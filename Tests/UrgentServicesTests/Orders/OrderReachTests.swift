import JSON
import Postgres
import Support
import Testing

@testable import UrgentServices

/// What a list costs: however much there is, and whatever is asked of it.
@Suite struct OrderReachTests {
    private typealias Person = Board.Person

    private func withPast(_ body: @escaping @Sendable (Board, UrgentTerms) async throws -> Void) async throws {
        var options = UrgentDoors.Options()
        options.terms.reach = 100
        let terms = options.terms
        try await withBoard(options: options) { board in
            try await board.come(Person.e1)
            try await board.past(3000, .completed, takenBy: Person.e1)
            try await board.past(1000, .expired)
            try await body(board, terms)
        }
    }

    /// Guests ask for the past of the board, of a town, of a category, from far behind, and near a place.
    @Test func nothingThatGuestsAskReadsTheWholePast() async throws {
        try await withPast { board, terms in
            let point = OrderFilter(latitude: 56, longitude: 38)
            var near = point, sorted = point
            near.radius = 200
            (sorted.radius, sorted.sort) = (200, .distance)
            for status in [OrderStatus.completed, .expired] {
                for (city, category) in [(nil, nil), ("Москва", nil), (nil, "Другое"), ("Москва", "Другое"), ("Пермь", "Другое")] {
                    for base in [OrderFilter(), OrderFilter(offset: 1_000_000_000), OrderFilter(leastFree: 3), point, near, sorted] {
                        var filter = base
                        (filter.status, filter.city, filter.category) = (.one(status), city, category)
                        guard let query = try OrderQuery(filter, for: .guest, terms) else { continue }
                        let read = try await board.rowsRead(by: OrderListQueries.list(query))
                        #expect(read.rows + read.entries <= 6 * terms.reach, "\(filter): \(read)")
                    }
                }
            }
        }
    }

    /// An executor with a past of three thousand takes sees his newest, and what is active.
    @Test func anExecutorsListDoesNotGrowWithHisPast() async throws {
        try await withPast { board, terms in
            try await board.past(30, .active)
            let me = Viewer(id: Person.e1, role: .user)
            for filter in [
                OrderFilter(limit: 20), OrderFilter(limit: 20, offset: 50), OrderFilter(takenByMe: Flag(isSet: true), limit: 20),
                OrderFilter(status: .one(.completed), takenByMe: Flag(isSet: true), limit: 20),
                OrderFilter(status: .one(.expired), takenByMe: Flag(isSet: true), limit: 20), OrderFilter(category: "Другое", limit: 20),
            ] {
                guard let query = try OrderQuery(filter, for: me, terms) else { continue }
                let read = try await board.rowsRead(by: OrderListQueries.list(query))
                #expect(read.rows + read.entries <= 12 * terms.reach, "\(filter): \(read)")
            }
        }
    }

    /// `total` says how far one can page: no further than lists reach.
    @Test func totalsAndPagesEndTogether() async throws {
        try await withPast { board, _ in
            func page(_ query: String, as user: Int? = nil) async throws -> (Int, Int?) {
                let answer = try await board.get("/orders" + query, as: user)
                #expect(answer.status == 200, "\(query): \(answer.text)")
                return (answer.json["orders"]?.array?.count ?? -1, answer.json["total"]?.int)
            }
            for (query, count) in [
                ("?status=completed&limit=100", 100), ("?status=completed&offset=60", 40), ("?status=completed&offset=99", 1),
                ("?status=completed&offset=100", 0), ("?status=completed&offset=1000000000", 0), ("?status=expired&limit=7", 7),
            ] {
                let found = try await page(query)
                #expect(found == (count, 100), "\(query): \(found)")
            }
            for query in ["?taken_by_me=true&offset=60", "?offset=60"] {
                let found = try await page(query, as: Person.e1)
                #expect(found == (40, 100), "\(query): \(found)")
            }
            #expect(try await page("?status=completed&category=%D0%94%D1%80%D1%83%D0%B3%D0%BE%D0%B5&limit=100") == (60, 60))
            // What has ended has no free place.
            #expect(try await page("?status=completed&min_free=1") == (0, 0))
        }
    }

    /// His orders are in the order of their making, though he has taken them in another.
    @Test func takenOrdersAreNewestFirst() async throws {
        try await withBoard { board in
            try await board.come(Person.e1)
            var orders: [String] = []
            for minutes in [50, 40, 30, 20, 10] {
                let id = try await board.newOrder()
                try await board.age(id, minutes: Double(minutes))
                orders.insert(id, at: 0)
            }
            for place in [2, 0, 4, 1, 3] { #expect(try await board.take(orders[place], by: Person.e1).status == 200) }
            for (query, expected) in [("", orders), ("&limit=2", Array(orders[0..<2])), ("&limit=2&offset=2", Array(orders[2..<4]))] {
                for path in ["/orders?taken_by_me=true", "/orders?sort=newest"] {
                    let answer = try await board.get(path + query, as: Person.e1)
                    #expect(answer.json["orders"]?.array?.compactMap { $0["id"]?.string } == expected, "\(path)\(query)")
                    #expect(answer.json["total"] == 5)
                }
            }
        }
    }
}
