import JSON
import Postgres
import Service
import Support
import Telemetry
import Testing
import Values

@testable import UrgentServices

@Suite struct InspectionTests {
    private typealias P = Board.Person
    private static let admin = 9002

    private func look(_ board: Board) async throws -> Int {
        try await board.doors.staff.inspection.run(.silent, on: board.server.clock.clock.now().dayInMoscow)
    }

    /// Whatever has happened by the rules agrees; each thing that somebody changed behind them is found, told and left alone.
    @Test func whatDisagreesIsFoundAndLeftAlone() async throws {
        try await withBoard { board in
            try await board.gather(P.e1, P.e2, P.e3)
            try await board.setRole(.admin, of: Self.admin)
            let done = try await board.completedOrder(takenBy: P.e1, P.e2)
            _ = try await board.rate(done, 4)
            let closed = try await board.newOrder()
            _ = try await board.take(closed, by: P.e3)
            _ = try await board.post("/orders/\(closed)/close", as: P.customer)
            #expect(try await look(board) == 0)

            for (change, found) in [
                ("update urgent.users set average_rating = 5 where id = 2001", 1),
                ("update urgent.orders set takers = '{2001,2003}' where takes_count = 2", 2),
                ("update urgent.executor_takes set cost = 3 where executor_id = 2002", 3),
                ("update urgent.executor_takes set is_done = false where executor_id = 2001", 4),
                ("alter table payments.accounts disable trigger accounts_balance_derived; update payments.accounts set balance = balance + 1 where id = (select wallet_id from urgent.users where id = 2003)", 5),
            ] {
                try await board.database.administer(change)
                #expect(try await look(board) == found, "\(change)")
            }
            // Told once a night to each administrator, and nothing was repaired.
            #expect(try await board.count("select count(distinct group_id) from notifications.notifications where subject like 'The board%'") == 1)
            #expect(try await board.count("select (average_rating * 100)::int from urgent.users where id = 2001") == 500)
        }
    }

    /// It is due every night at half past three in Moscow, and its job says how much it has found.
    @Test func itIsDoneByNight() async throws {
        try await withBoard { board in
            #expect(board.module.schedules.contains { $0.key == "urgent.ledger-audit" && $0.rule == .cron("30 3 * * *", zone: "Europe/Moscow") })
            try await board.neighbours.jobs.enqueue(UpkeepJobs.inspect, Empty())
            try await board.work()
            #expect(try await board.count("select (result ->> 'differences')::int from jobs.jobs where name = 'urgent.ledger-audit'") == 0)
        }
    }
}
