import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import UrgentServices

/// What staff end together with takes under way: the client's row, orders, accounts, in that order, and nobody waits in a circle.
@Suite struct StaffLockTests {
    private typealias P = Board.Person
    private static let moderator = 9001

    /// Somebody of this database waits for a lock of another.
    private static let waiting: SQL = """
        select count(*) from pg_locks w where not w.granted and exists (
            select from pg_locks o where o.pid = w.pid
               and o.database = (select d.oid from pg_database d where d.datname = current_database()))
        """

    /// Holds an order as a take does, lets staff act until they wait for it, and then wants an account: it is to be had.
    private func takeMeets(
        _ act: @escaping @Sendable (_ board: Board, _ complaint: Int) async throws -> TestAnswer
    ) async throws {
        try await withBoard { board in
            try await board.gather(P.e1, P.e2)
            try await board.setRole(.moderator, of: Self.moderator)
            let done = try await board.completedOrder(takenBy: P.e1)
            let complaint = try await board.complain(of: done, by: P.e1).json["complaint_id"]?.int ?? 0
            let first = try await board.newOrder(), second = try await board.newOrder()
            for order in [first, second] { #expect(try await board.take(order, by: P.e1).status == 200) }
            let last = max(first, second)
            let database = board.database
            let staff = try await TestLoops.run {
                try await database.transaction { _ in
                    try await database.execute(Command("select from urgent.orders where id = \(last) for no key update"))
                    let staff = Task { try await act(board, complaint) }
                    let begun = ContinuousClock.now
                    while try await database.one(Statement<Int>(Self.waiting)) == 0 {
                        try #require(ContinuousClock.now - begun < .seconds(20), "staff wait for nobody")
                        await Task.yield()
                    }
                    let lock = Command(
                        """
                        select from payments.accounts where id = (select wallet_id from urgent.users where id = \(P.e1)) for no key update nowait
                        """)
                    do {
                        try await database.execute(lock)
                    } catch let error as DatabaseError {
                        Issue.record("staff hold an account and wait for an order: \(error)")
                    }
                    return staff
                }
            }
            #expect(try await staff.value.status == 200)
            #expect(try await board.balance(of: P.e1) >= 98)
            #expect(board.database.metrics.retries == 0)
            try await board.checkInvariants()
        }
    }

    @Test func aRefundWithABlock() async throws {
        try await takeMeets { board, complaint in
            try await board.post(
                "/admin/complaints/\(complaint)/resolve", as: Self.moderator,
                ["decision": "accepted", "refund": true, "block_client": true, "reason": "Обман"])
        }
    }

    @Test func aBlock() async throws {
        try await takeMeets { board, _ in
            try await board.post("/admin/users/\(P.customer)/block", as: Self.moderator, ["reason": "Обман"])
        }
    }

    /// Takes, refunds and blocks at once: all is answered, nothing is lost, nobody waits in a circle.
    @Test func allAtOnce() async throws {
        try await withBoard { board in
            let customers = Array(6001...6004), executors = Array(7001...7006)
            for user in customers { try await board.come(user, with: 0) }
            for user in executors { try await board.come(user) }
            try await board.setRole(.moderator, of: Self.moderator)
            var work: [@Sendable () async throws -> TestAnswer] = []
            for customer in customers {
                var complaint = 0
                for number in 0..<4 {
                    let order = try await board.newOrder(by: customer)
                    #expect(try await board.take(order, by: executors[number]).status == 200)
                    if number == 0 { complaint = try await board.complain(of: order, by: executors[0]).json["complaint_id"]?.int ?? 0 }
                    for executor in [executors[4], executors[5], executors[(number + 1) % 4]] {
                        work.append { try await board.take(order, by: executor) }
                    }
                }
                let id = complaint
                work.append {
                    try await board.post(
                        "/admin/complaints/\(id)/resolve", as: Self.moderator,
                        ["decision": "accepted", "refund": true, "block_client": true, "reason": "Обман"])
                }
            }
            let all = work.shuffled()
            let answers = try await race(all.count) { try await all[$0]() }
            #expect(answers.allSatisfy { [200, 409, 410].contains($0.status) }, "\(answers.filter { $0.status > 410 }.map(\.text))")
            #expect(board.database.metrics.retries == 0)
            for user in executors { #expect(try await board.balance(of: user) == 100) }
            try await board.checkInvariants()
        }
    }
}
