import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Jobs
@testable import Payments
@testable import UrgentServices

/// What is left for later, carried out at once.
extension Board {
    /// Hands out what has happened, and lets workers carry out what is due, until nothing is left. Chats are written to once a
    /// second: the clock goes on for each round.
    func work() async throws {
        let workers = JobWorkers(
            neighbours.jobTypes(module), database: database, loops: [TestLoops.group.loops[0]], log: .silent)
        let due = Statement<Int>(
            """
            select (select count(*) from jobs.jobs
                     where finished_at is null and (run_at <= now() or name in ('send-telegram', 'settle-webhook')))
                 + (select count(*) from api.outbox where dispatched_at is null)
            """)
        repeat {
            while try await neighbours.dispatch(to: module) > 0 {}
            try await database.execute(
                Command(
                    """
                    update jobs.jobs set run_at = now()
                     where state = 'delayed' and name in ('send-telegram', 'settle-webhook')
                    """))
            try await workers.round(isHousekeeping: true)
            await workers.idle()
            server.clock.advance(by: .seconds(1))
        } while try await database.one(due) > 0
    }

    /// What was written to somebody by the bot, in order; what is left for later is carried out first.
    func messages(to user: Int) async throws -> [String] {
        try await work()
        return neighbours.telegram.messages.filter { $0["chat_id"]?.int == user }.compactMap { $0["text"]?.string }
    }

    /// The person lets the bot write to him.
    func allowBot(_ user: Int) async throws {
        #expect(try await hear(neighbours.telegram.message("/start", user: Int64(user))).status == 200)
    }

    /// An update of the bot.
    @discardableResult
    func hear(_ update: [UInt8], secret: String? = Neighbours.secret) async throws -> TestAnswer {
        try await server.send(
            "POST", "/api/telegram/webhook", fields: secret.map { ["X-Telegram-Bot-Api-Secret-Token": $0] } ?? [:], raw: update)
    }

    /// An executor of electrical work in Moscow, with the shortest quiet there is.
    func subscribe(_ user: Int) async throws {
        try await come(user)
        try await allowBot(user)
        let settings = try await send("PUT", "/users/me/notification-settings", as: user, ["enabled": true, "frequency": 5])
        let wishes = try await send(
            "PUT", "/users/me/preferences", as: user, ["categories": ["Электрика"], "cities": ["Москва"]])
        #expect(settings.status == 200 && wishes.status == 200)
    }

    /// Somebody was told of orders so many minutes earlier.
    func passQuiet(of user: Int, minutes: Int) async throws {
        try await database.execute(
            Command(
                """
                update urgent.users set last_notified_at = last_notified_at - make_interval(mins => \(minutes)::int)
                 where id = \(user)
                """))
    }

    /// A run as the schedule leaves it, carried out.
    func run(_ kind: JobKind<Empty>) async throws {
        try await neighbours.jobs.enqueue(kind, Empty())
        try await work()
    }

    // MARK: Paying

    /// An invoice, and what the bot's invoice at Telegram carries.
    func invoice(
        _ amount: Int, by user: Int, method: String = "telegram_stars", key: String? = nil
    ) async throws -> (id: Int, answer: TestAnswer, payload: String) {
        let answer = try await send(
            "POST", "/balance/create-invoice", as: user, ["amount": .number("\(amount)"), "method": .string(method)],
            fields: key.map { ["Idempotency-Key": $0] } ?? [:])
        let payload = neighbours.telegram.invoices.last?.payload ?? ""
        return (answer.json["payment_id"]?.int ?? 0, answer, payload)
    }

    /// Somebody has spent or been given so much meanwhile.
    func setBalance(of user: Int, to roubles: Int) async throws {
        let change = roubles - (try await balance(of: user))
        guard change != 0 else { return }
        let wallet = LedgerAccount.wallet(Scope("user", try await account(of: user)), .rub)
        let other = LedgerAccount(owner: .platform, code: "test", unit: "RUB")
        try await doors.ledger.post(
            NewTransaction(
                kind: "test", product: "urgent", object: nil, idempotencyKey: "test:\(UUID.v7())",
                postings: [Posting(wallet, Int64(change * 100)), Posting(other, Int64(-change * 100))]))
    }

    /// Asks providers about payments that are due for it.
    func checkPayments() async throws {
        let payments = neighbours.payments.payments
        for due in try await payments.dueChecks() { try await payments.check(due) }
    }

    func paymentStatus(_ id: Int, of user: Int) async throws -> TestAnswer {
        try await get("/balance/payment/\(id)/status", as: user)
    }
}

/// Runs `body` so many times at once and gathers what it answers.
func race<T: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> T) async throws -> [T] {
    try await withThrowingTaskGroup(of: T.self) { group in
        for index in 0..<count { group.addTask { try await body(index) } }
        return try await group.reduce(into: [T]()) { $0.append($1) }
    }
}
