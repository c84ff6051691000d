import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Payments
@testable import UrgentServices

/// How administrators give payments back (spec 3.6, rows 54 and 55).
@Suite struct PaymentReturnTests {
    private typealias P = Board.Person
    private static let moderator = 9001, admin = 9002

    private func withPaid(
        _ body: @escaping @Sendable (_ board: Board, _ invoice: Int) async throws -> Void
    ) async throws {
        try await withBoard { board in
            try await board.come(P.e1, with: 0)
            try await board.setRole(.moderator, of: Self.moderator)
            try await board.setRole(.admin, of: Self.admin)
            let (id, _, payload) = try await board.invoice(100, by: P.e1)
            try await board.hear(board.neighbours.telegram.preCheckout(payload, stars: 67, user: Int64(P.e1)))
            try await board.hear(board.neighbours.telegram.pay(Board.token, payload, stars: 67, user: Int64(P.e1), at: .now))
            try await board.work()
            #expect(try await board.balance(of: P.e1) == 100)
            try await body(board, id)
            try await board.checkInvariants()
        }
    }

    private func refund(_ id: Int, on board: Board, as user: Int = admin) async throws -> TestAnswer {
        try await board.post("/admin/payments/\(id)/refund", as: user, ["reason": "Просьба плательщика"])
    }

    @Test func aPaymentGoesBackOnceAndOutOfTheBalanceFirst() async throws {
        try await withPaid { board, paid in
            let (open, _, _) = try await board.invoice(300, by: P.e1)
            for (id, user, status, code) in [
                (paid, P.e1, 403, "staff_only"), (paid, Self.moderator, 403, "staff_only"), (open, Self.admin, 409, "payment_not_paid"),
                (9_999, Self.admin, 404, "payment_not_found"),
            ] {
                let answer = try await refund(id, on: board, as: user)
                #expect(answer.status == status && answer.code == code, "\(answer.text)")
            }
            // Two roubles of it are spent.
            try await board.come(P.customer)
            let order = try await board.newOrder()
            _ = try await board.take(order, by: P.e1)
            let spent = try await refund(paid, on: board)
            #expect(spent.status == 409 && spent.code == "insufficient_balance", "\(spent.text)")
            #expect(try await board.count("select count(*) from payments.refunds") == 0)
            _ = try await board.post("/orders/\(order)/close", as: P.customer)

            let answers = try await race(5) { _ in try await refund(paid, on: board) }
            #expect(answers.map(\.status).sorted() == [200, 409, 409, 409, 409], "\(answers.map(\.text))")
            #expect(answers.first { $0.status == 200 }?.text == #"{"success":true,"new_balance":0}"#)
            #expect(try await board.balance(of: P.e1) == 0)
            try await board.work()
            #expect(board.neighbours.telegram.transactions(Board.token).count == 2)
            // For its payer it stays one that was paid; staff see what became of it.
            #expect(try await board.paymentStatus(paid, of: P.e1).json["status"] == "paid")
            let list = try await board.get("/admin/payments?status=refunded&user_id=2001", as: Self.admin).json
            let item = list["items"]?[0]
            #expect(list["total"] == 1 && item?["id"] == .number("\(paid)") && item?["refunded_at"]?.string != nil, "\(list)")
            #expect(item?["amount"] == 100 && item?["stars_amount"] == 67 && item?["provider"] == "telegram_stars")
            for (query, total) in [("", 2), ("?status=pending", 1), ("?provider=yookassa", 0), ("?user_id=1", 0), ("?status=paid", 0)] {
                #expect(try await board.get("/admin/payments" + query, as: Self.admin).json["total"] == .number("\(total)"), "\(query)")
            }
            #expect(try await board.get("/admin/payments", as: Self.moderator).status == 403)
            #expect(try await board.get("/admin/payments?status=gone", as: Self.admin).status == 422)
            #expect(try await refund(paid, on: board).code == "payment_not_paid")

            let moved = try await board.get("/balance/transactions?type=payment_refund", as: P.e1).json["transactions"]
            #expect(moved?.array?.count == 1 && moved?[0]?["amount"] == -100 && moved?[0]?["payment_id"] == .number("\(paid)"), "\(String(describing: moved))")
            let deeds = try await board.get("/admin/audit-log?entity=payment", as: Self.admin).json
            #expect(deeds["total"] == 1 && deeds["items"]?[0]?["action"] == "payment_refunded")
        }
    }

    /// What the provider refuses for good is the balance's again.
    @Test func whatTheProviderRefusesComesBack() async throws {
        try await withPaid { board, paid in
            board.neighbours.telegram.refuse("refundStarPayment", 400, "Bad Request: CHARGE_NOT_FOUND")
            #expect(try await refund(paid, on: board).status == 200)
            #expect(try await board.balance(of: P.e1) == 0)
            try await board.work()
            #expect(try await board.balance(of: P.e1) == 100)
            let amounts = try await board.get("/balance/transactions?type=payment_refund", as: P.e1).json["transactions"]?.array ?? []
            #expect(amounts.compactMap { $0["amount"] } == [100, -100])
            #expect(try await board.get("/admin/payments?status=paid", as: Self.admin).json["total"] == 1)
        }
    }

    /// The refund of the only payment, carried out without anybody hearing of it yet.
    private func carryOut(on board: Board) async throws -> ID<Refund> {
        let id = try await board.database.one(Statement<UUID>("select id from payments.refunds order by created_at limit 1"))
        try await TestLoops.run { try await board.neighbours.payments.payments.process(ID(id)) }
        return ID(id)
    }

    private func status(of refund: ID<Refund>, on board: Board) async throws -> String {
        try await board.database.one(Statement<String>("select status from payments.refunds where id = \(refund)"))
    }

    /// That it has failed is heard late: what the provider has given back after all is not the balance's again.
    @Test func whatHasGoneBackAfterAllStaysGone() async throws {
        try await withPaid { board, paid in
            let telegram = board.neighbours.telegram
            telegram.refuse("refundStarPayment", 400, "Bad Request: CHARGE_NOT_FOUND")
            #expect(try await refund(paid, on: board).status == 200)
            let id = try await carryOut(on: board)
            #expect(try await status(of: id, on: board) == "failed")
            let payload = try #require(telegram.invoices.last?.payload)
            _ = telegram.tellOfRefund(Board.token, payload, isDone: true, at: .now)
            _ = try await TestLoops.run { try await board.neighbours.payments.payments.check(id) }
            #expect(try await status(of: id, on: board) == "succeeded")
            try await board.work()
            #expect(try await board.balance(of: P.e1) == 0)
            #expect(try await board.count("select count(*) from payments.transactions where kind = 'payment_refund'") == 1)
        }
    }

    /// The same where the provider has given it back by itself, which is a refund of its own.
    @Test func whatTheProviderHasGivenBackByItselfStaysGone() async throws {
        try await withPaid { board, paid in
            let telegram = board.neighbours.telegram
            telegram.refuse("refundStarPayment", 400, "Bad Request: CHARGE_NOT_FOUND")
            #expect(try await refund(paid, on: board).status == 200)
            let id = try await carryOut(on: board)
            let payload = try #require(telegram.invoices.last?.payload)
            let update = try #require(telegram.tellOfRefund(Board.token, payload, isDone: true, at: .now))
            try await board.hear(update)
            try await board.work()
            #expect(try await status(of: id, on: board) == "failed")
            #expect(try await board.count("select count(*) from payments.refunds where status = 'succeeded'") == 1)
            #expect(try await board.balance(of: P.e1) == 0)
        }
    }

    /// A refund that is tried again while its failure is not heard of yet: the money leaves the balance once.
    @Test func whatIsTriedAgainStaysTaken() async throws {
        try await withPaid { board, paid in
            board.neighbours.telegram.refuse("refundStarPayment", 400, "Bad Request: CHARGE_NOT_FOUND")
            #expect(try await refund(paid, on: board).status == 200)
            let id = try await carryOut(on: board)
            _ = try await TestLoops.run { try await board.neighbours.payments.payments.retry(id) }
            board.neighbours.telegram.refuse("refundStarPayment", 400, nil)
            try await board.work()
            #expect(try await status(of: id, on: board) == "succeeded")
            #expect(try await board.balance(of: P.e1) == 0)
            #expect(try await board.count("select count(*) from payments.transactions where kind = 'payment_refund'") == 1)
        }
    }

    /// What a payment has brought is taken from the account that got it, whoever the payer is by now.
    @Test func thePayeesWalletGivesItBack() async throws {
        try await withPaid { board, paid in
            let payee = try await board.account(of: P.e1)
            // His account has lost its Telegram; he comes again with another, which has money, too.
            try await board.database.execute(Command("delete from identity.identities where user_id = \(payee)"))
            // By a proof that no loop remembers: what it knew of the old one it forgets when it hears of the change.
            #expect(try await board.send("GET", "/users/me", token: Board.initData(P.e1, more: [("n", "1")])).status == 200)
            try await board.come(P.e1, with: 100)
            #expect(try await board.account(of: P.e1) != payee)
            let answer = try await refund(paid, on: board)
            #expect(answer.text == #"{"success":true,"new_balance":0}"#, "\(answer.text)")
            try await board.work()
            #expect(try await board.balance(of: P.e1) == 100)
            #expect(try await board.messages(to: P.e1).filter { $0.contains("возвращ") }.isEmpty)
        }
    }
}
