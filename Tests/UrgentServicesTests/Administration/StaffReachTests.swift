import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import UrgentServices

/// What staff's lists cost: however much there is, and whatever is asked of it.
@Suite struct StaffReachTests {
    private typealias P = Board.Person
    private static let admin = 9002, reach = 100

    private func withCrowd(_ body: @escaping @Sendable (Board) async throws -> Void) async throws {
        var options = UrgentDoors.Options()
        options.terms.reach = Self.reach
        try await withBoard(options: options) { board in
            try await board.setRole(.admin, of: Self.admin)
            try await board.crowd()
            try await body(board)
        }
    }

    /// A page from the middle of what a list reaches, and its count.
    private func check<Item>(
        _ what: String, _ page: (Slice) -> Statement<Item>, _ count: (Int) -> Statement<Int>, on board: Board
    ) async throws {
        let read = try await board.rowsRead(by: page(Slice(limit: 20, offset: 30).within(Self.reach)))
        let counted = try await board.rowsRead(by: count(Self.reach))
        // Five parts at the most, of which each is read as deep as the page; a movement is three rows, and its other side two more;
        // of a person some thirty are counted.
        #expect(read.rows + read.entries <= 1000 && counted.rows + counted.entries <= 600, "\(what): \(read), \(counted)")
        let behind = try await board.rowsRead(by: page(Slice(limit: 20, offset: 1_000_000).within(Self.reach)))
        #expect(behind.rows + behind.entries <= 200, "\(what), far behind: \(behind)")
    }

    @Test func ordersAreFoundByIndexes() async throws {
        try await withCrowd { board in
            let now = Instant.now
            var conditions = [
                StaffOrderCondition(from: now - .days(3), to: now - .days(2)), StaffOrderCondition(client: P.customer),
                StaffOrderCondition(client: P.e4), StaffOrderCondition(city: "Пермь", category: "Другое"),
            ]
            for status in OrderStatus.allCases.map(Optional.some) + [nil] {
                for (city, category) in [(nil, nil), ("Москва", nil), (nil, "Другое"), ("Казань", "Клининг"), ("Пермь", nil)] {
                    conditions.append(StaffOrderCondition(status: status, city: city, category: category))
                }
            }
            for condition in conditions {
                try await check(
                    "\(condition)", { StaffOrderQueries.page(condition, $0) }, { StaffOrderQueries.count(condition, reach: $0) },
                    on: board)
            }
        }
    }

    @Test func peopleAndWhatTheySayAreFoundByIndexes() async throws {
        try await withCrowd { board in
            for condition in [
                PeopleCondition(), PeopleCondition(text: "Ё"), PeopleCondition(role: .user), PeopleCondition(role: .moderator),
                PeopleCondition(isBlocked: true), PeopleCondition(isBlocked: false),
            ] {
                var condition = condition
                condition.reach = Self.reach
                try await check(
                    "\(condition)", { StaffPeopleQueries.page(condition, $0) }, { StaffPeopleQueries.count(condition, reach: $0) },
                    on: board)
            }
            for condition in [
                ComplaintCondition(), ComplaintCondition(status: .open), ComplaintCondition(status: .rejected),
                ComplaintCondition(client: P.customer), ComplaintCondition(executor: P.e1), ComplaintCondition(executor: P.e2),
            ] {
                try await check(
                    "\(condition)", { ComplaintQueries.page(condition, $0) }, { ComplaintQueries.count(condition, reach: $0) },
                    on: board)
            }
        }
    }

    @Test func moneyAndDeedsAreFoundByIndexes() async throws {
        try await withCrowd { board in
            for condition in [
                MovementCondition(), MovementCondition(user: P.e1), MovementCondition(user: P.e2), MovementCondition(kind: .orderTake),
                MovementCondition(kind: .refund), MovementCondition(kind: .adjustment), MovementCondition(kind: .paymentRefund),
            ] {
                try await check(
                    "\(condition)", { MovementQueries.page(condition, $0) }, { MovementQueries.count(condition, reach: $0) }, on: board)
            }
            // One's own are found as staff find them.
            let own = MovementQuery(type: nil, limit: 20, offset: 30)
            try await check(
                "one's own", { BalanceQueries.movements(of: P.e1, own, $0) }, { BalanceQueries.count(of: P.e1, own, reach: $0) }, on: board)
            for (status, provider, user) in [
                (nil, nil, nil), (.expired, nil, nil), (.paid, nil, nil), (nil, "yookassa", nil), (nil, "sandbox", nil), (nil, nil, P.e2),
                (.expired, "telegram_stars", P.e1),
            ] as [(InvoiceStatus?, String?, Int?)] {
                let query = StaffPaymentQuery(status: status, provider: provider, user: user, limit: 20, offset: 0)
                try await check(
                    "\(query)", { PaymentReturnQueries.page(query, $0, reach: Self.reach) },
                    { PaymentReturnQueries.count(query, reach: $0) }, on: board)
            }
            for (entity, id) in [(nil, nil), ("order", nil), ("order", "77")] as [(String?, String?)] {
                let query = DeedQuery(actor: nil, entity: entity, entityID: id, limit: 20, offset: 0)
                try await check("\(query)", { Deeds.page(query, $0) }, { Deeds.count(query, reach: $0) }, on: board)
            }
        }
    }

    /// `total` says how far one can page, and no list goes on behind it.
    @Test func totalsAndPagesEndTogether() async throws {
        try await withCrowd { board in
            try await board.database.administer(
                """
                insert into urgent.client_reviews (order_id, client_id, executor_id, rating, created_at)
                select o.id, o.client_id, \(P.e1), 5, o.created_at from urgent.orders o where o.status = 'completed'
                """)
            let lists = ["orders", "orders?status=expired", "orders?city=%D0%9C%D0%BE%D1%81%D0%BA%D0%B2%D0%B0", "reviews", "complaints", "users",
                "transactions", "transactions?type=order_take", "transactions?type=refund&user_id=2001", "payments", "payments?status=expired",
                "audit-log"]
            for list in lists {
                let more = list.contains("?") ? "&" : "?"
                for (page, count) in [("limit=7", 7), ("limit=50&offset=60", 40), ("offset=99", 1), ("offset=100", 0), ("offset=1000000000", 0)] {
                    let answer = try await board.get("/admin/\(list)\(more)\(page)", as: Self.admin)
                    #expect(
                        answer.status == 200 && answer.json["items"]?.array?.count == count && answer.json["total"] == 100,
                        "\(list) \(page): \(answer.text.prefix(200))")
                }
            }
            let own = try await board.get("/balance/transactions?offset=60", as: P.e1).json
            #expect(own["total"] == 100 && own["transactions"]?.array?.count == 40, "\(own)")
            // A rare kind is shown whole.
            let rare = try await board.get("/admin/transactions?type=adjustment", as: Self.admin).json
            #expect(rare["total"] == 15 && rare["items"]?.array?.count == 15, "\(rare)")
            let ids = (rare["items"]?.array ?? []).compactMap { $0["id"]?.int }
            #expect(ids == ids.sorted(by: >))
            // Of a town in any status the newest come first.
            let dates = (try await board.get("/admin/orders?category=%D0%94%D1%80%D1%83%D0%B3%D0%BE%D0%B5", as: Self.admin).json["items"]?.array ?? [])
                .compactMap { $0["created_at"]?.string }
            #expect(dates.count == 50 && dates == dates.sorted(by: >))
        }
    }
}
