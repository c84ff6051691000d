import Postgres
import Support
import Testing
import Values

@testable import UrgentServices

/// Lists that are read once for all who ask within a moment.
@Suite struct FeedTests {
    private typealias Person = Board.Person

    private func list(_ board: Board, as user: Int? = nil) async throws -> (readAt: String?, orders: [String: Int]) {
        let answer = try await board.get("/orders?status=active", as: user)
        #expect(answer.status == 200)
        let orders = answer.json["orders"]?.array ?? []
        let taken = orders.map { ($0["id"]?.string ?? "", $0["taken_by"]?.array?.count ?? -1) }
        return (orders.first?["server_time"]?.string, Dictionary(uniqueKeysWithValues: taken))
    }

    /// A list that is given a second time, to somebody else: what was told of before has arrived.
    private func kept(_ board: Board) async throws -> (readAt: String?, orders: [String: Int]) {
        while true {
            let first = try await list(board)
            if try await list(board, as: Person.e1).readAt == first.readAt { return first }
        }
    }

    /// A second reading says when the first was made; whoever changes something sees it, and everybody else does.
    @Test func aListIsReadAgainWhenSomebodyChangesSomething() async throws {
        try await withBoard(keepsFeeds: true) { board in
            try await board.come(Person.e1)
            let id = try await board.newOrder()
            let first = try await kept(board)
            #expect(first.orders == [id: 0])
            // What another process tells of is seen.
            try await board.database.execute(Command("select pg_notify('atrium_outbox', '')"))
            while try await list(board).readAt == first.readAt {}

            #expect(try await board.take(id, by: Person.e1).status == 200)
            #expect(try await list(board).orders == [id: 1])
            let second = try await kept(board)
            #expect(try await list(board, as: Person.customer).orders == [id: 1])
            // An answer that refuses may have ended an order, too.
            #expect(try await board.take("AAAAAAAAAAAA", by: Person.e1).status == 404)
            #expect(try await list(board).readAt != second.readAt)
            #expect(try await board.post("/orders/\(id)/close", as: Person.customer).status == 204)
            #expect(try await list(board).orders == [:])
        }
    }

    /// Nobody is shown an order after its time, however long a list is kept.
    @Test func aListHoldsUntilTheNextDeadline() async throws {
        try await withBoard(keepsFeeds: true) { board in
            let ends = try await board.newOrder()
            let stays = try await board.newOrder()
            let deadline = try await board.database.one(
                Statement<Instant>(
                    """
                    update urgent.orders set expires_at = clock_timestamp() + interval '400 milliseconds' where id = \(ends)
                    returning expires_at
                    """, .change))
            var seen = 0
            while true {
                let asked = Instant.now
                let orders = try await list(board).orders
                #expect(orders[stays] == 0)
                if orders[ends] == nil {
                    #expect(Instant.now >= deadline)
                    break
                }
                #expect(asked < deadline)
                seen += 1
            }
            #expect(seen > 0)
        }
    }
}
