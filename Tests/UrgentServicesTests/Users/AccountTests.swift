import JSON
import Payments
import Postgres
import Service
import Support
import Testing
import Values

@testable import Identity
@testable import UrgentServices

/// A person of the board is a Telegram id; his money is his account's, which may get another Telegram. Nobody is locked out,
/// loses money or gets somebody else's.
@Suite struct UrgentAccountTests {
    private typealias P = Board.Person
    /// Two Telegrams of one person.
    private static let old = 4001, new = 4002, admin = 9002

    /// The account of somebody on the board, with which he may sign in by other means, too.
    private func platformAccount(of user: Int, on board: Board) async throws -> ID<User> {
        let account = try await board.account(of: user)
        try await board.database.execute(
            Command(
                """
                update identity.users set email = \("\(user)@example.com"), email_verified_at = now() where id = \(account)
                """))
        return ID(account)
    }

    /// The account's owner follows its link with another Telegram.
    private func link(_ user: Int, to account: ID<User>, on board: Board) async throws {
        let offer = try await TestLoops.run { try await board.identity.telegram.offerLink("urgent", to: account) }
        let parameter = try #require(offer.deepLink.split(separator: "=").last)
        try await board.hear(board.neighbours.telegram.message("/start \(parameter)", user: Int64(user)))
        #expect(
            try await board.count(
                "select count(*) from identity.identities where subject = \(String(user)) and user_id = \(account.uuid)") == 1)
    }

    private func unlink(_ account: ID<User>, on board: Board) async throws {
        try await TestLoops.run {
            try await board.identity.telegram.unlink(account, by: AuditActor(id: account.uuid, kind: .user, name: ""))
        }
    }

    private func wallet(of account: ID<User>, on board: Board) async throws -> Int {
        let id = LedgerAccount.wallet(Scope("user", account.uuid), .rub).id
        return try await board.count("select balance / 100 from payments.accounts where id = \(id)")
    }

    @Test func anotherTelegramHasTheMoneyAndTheFirstWhatHeDid() async throws {
        try await withBoard { board in
            try await board.gather(Self.old, P.e2)
            try await board.setRole(.admin, of: Self.admin)
            let own = try await board.newOrder(by: Self.old)
            let taken = try await board.newOrder()
            #expect(try await board.take(taken, by: Self.old).status == 200)
            let account = try await platformAccount(of: Self.old, on: board)

            try await link(Self.new, to: account, on: board)
            let arrived = try await board.get("/users/me", as: Self.new)
            #expect(arrived.status == 200 && arrived.json["balance"] == 98, "\(arrived.text)")
            #expect(try await board.get("/orders?mine=true", as: Self.new).json["total"] == 0)
            #expect(try await board.take(taken, by: Self.new).status == 200)

            // The first is a person of his own from now on, with what he did and none of the money.
            let first = try await board.get("/users/me", as: Self.old)
            #expect(first.status == 200 && first.json["id"] == 4001 && first.json["balance"] == 0, "\(first.text)")
            #expect(try await board.get("/orders?mine=true", as: Self.old).json["orders"]?[0]?["id"] == .string(own))
            #expect(try await board.account(of: Self.old) != account.uuid)
            let broke = try await board.take(try await board.newOrder(), by: Self.old)
            #expect(broke.status == 402, "\(broke.text)")

            // What a take has cost goes back to whoever paid it.
            #expect(try await board.post("/orders/\(taken)/close", as: P.customer).status == 204)
            #expect(try await board.balance(of: Self.new) == 100)
            #expect(try await board.balance(of: Self.old) == 0)
            let texts = try await board.messages(to: Self.new).filter { $0.contains("Деньги возвращены") }
            #expect(texts.count == 1 && texts[0].contains("Вам возвращено 4 ₽") && texts[0].contains("Баланс: 100 ₽"), "\(texts)")
            #expect(try await board.messages(to: Self.old).filter { $0.contains("возвращен") }.isEmpty)

            let people = try await board.get("/admin/users?q=400", as: Self.admin).json
            #expect((people["items"]?.array ?? []).compactMap { $0["balance"]?.int }.sorted() == [0, 100], "\(people)")
            let moved = try await board.get("/admin/transactions?user_id=4002", as: Self.admin).json
            #expect(moved["total"] == 5, "\(moved)")
            try await board.checkInvariants()
        }
    }

    /// The account's money waits for the Telegram that it gets next; before that nobody reaches it by the board.
    @Test func whoIsUnlinkedComesAgainWithoutTheMoney() async throws {
        try await withBoard { board in
            try await board.gather(Self.old)
            let order = try await board.newOrder()
            #expect(try await board.take(order, by: Self.old).status == 200)
            let account = try await platformAccount(of: Self.old, on: board)
            try await unlink(account, on: board)

            // The same init data proves another person of the platform now.
            let again = try await board.get("/users/me", as: Self.old)
            #expect(again.status == 200 && again.json["balance"] == 0 && again.json["id"] == 4001, "\(again.text)")
            #expect(try await board.account(of: Self.old) != account.uuid)
            #expect(try await wallet(of: account, on: board) == 98)
            #expect(try await board.get("/orders?taken_by_me=true", as: Self.old).json["total"] == 1)

            #expect(try await board.post("/orders/\(order)/close", as: P.customer).status == 204)
            #expect(try await wallet(of: account, on: board) == 100)
            #expect(try await board.balance(of: Self.old) == 0)
            #expect(try await board.messages(to: Self.old).filter { $0.contains("возвращен") }.isEmpty)

            try await link(Self.new, to: account, on: board)
            #expect(try await board.get("/balance", as: Self.new).json["balance"] == 100)
            try await board.checkInvariants()
        }
    }

    /// A payment that is begun is paid by whoever began it: he has the money, also where he has another account by then, and out of
    /// his it goes back.
    @Test func whoPaysHasTheMoney() async throws {
        try await withBoard { board in
            try await board.come(Self.old, with: 0)
            try await board.setRole(.admin, of: Self.admin)
            let account = try await platformAccount(of: Self.old, on: board)
            let (id, _, payload) = try await board.invoice(100, by: Self.old, key: "k")
            try await link(Self.new, to: account, on: board)
            for user in [Self.new, Self.old] { #expect(try await board.get("/balance", as: user).json["balance"] == 0) }
            // The first goes on with what he began.
            #expect(try await board.invoice(100, by: Self.old, key: "k").id == id)
            let telegram = board.neighbours.telegram
            try await board.hear(telegram.preCheckout(payload, stars: 67, user: Int64(Self.old)))
            try await board.hear(telegram.pay(Board.token, payload, stars: 67, user: Int64(Self.old), at: .now))
            try await board.work()
            #expect(try await board.balance(of: Self.old) == 100)
            #expect(try await board.balance(of: Self.new) == 0)
            #expect(try await board.paymentStatus(id, of: Self.old).json["new_balance"] == 100)
            let movements = try await board.get("/balance/transactions", as: Self.old).json
            #expect(movements["transactions"]?[0]?["payment_id"] == .number("\(id)") && movements["total"] == 1, "\(movements)")

            let back = try await board.post("/admin/payments/\(id)/refund", as: Self.admin, ["reason": "Просьба плательщика"])
            #expect(back.text == #"{"success":true,"new_balance":0}"#, "\(back.text)")
            try await board.work()
            #expect(try await board.balance(of: Self.old) == 0)
            try await board.checkInvariants()
        }
    }

    /// Whoever has left his account and has none of his own: what he pays is had by whoever has that account.
    @Test func whatNobodyElseHasIsTheAccounts() async throws {
        try await withBoard { board in
            try await board.come(Self.old, with: 0)
            let account = try await platformAccount(of: Self.old, on: board)
            let (id, _, payload) = try await board.invoice(100, by: Self.old)
            try await link(Self.new, to: account, on: board)
            #expect(try await board.get("/balance", as: Self.new).json["balance"] == 0)
            let telegram = board.neighbours.telegram
            try await board.hear(telegram.preCheckout(payload, stars: 67, user: Int64(Self.old)))
            try await board.hear(telegram.pay(Board.token, payload, stars: 67, user: Int64(Self.old), at: .now))
            try await board.work()
            #expect(try await board.balance(of: Self.new) == 100)
            #expect(try await board.get("/balance", as: Self.old).json["balance"] == 0)
            #expect(try await board.paymentStatus(id, of: Self.old).json["status"] == "paid")
            try await board.checkInvariants()
        }
    }

    /// Until the first comes again he has no money that staff could correct; orders of his are told to his account.
    @Test func whoHasLeftHasNoPurse() async throws {
        try await withBoard { board in
            try await board.gather(Self.old, P.e1)
            try await board.setRole(.admin, of: Self.admin)
            let order = try await board.newOrder(by: Self.old)
            let account = try await platformAccount(of: Self.old, on: board)
            try await link(Self.new, to: account, on: board)
            #expect(try await board.get("/users/me", as: Self.new).status == 200)

            let correction: JSONValue = ["amount": 10, "reason": "Подарок"]
            #expect(try await board.post("/admin/users/4001/balance", as: Self.admin, correction).status == 404)
            #expect(try await board.post("/admin/users/4002/balance", as: Self.admin, correction).json["new_balance"] == 110)
            #expect(try await board.get("/admin/users/4001", as: Self.admin).json["balance"] == 0)
            #expect(try await board.take(order, by: P.e1).status == 200)
            #expect(try await board.messages(to: Self.new).contains { $0.contains("Ваш заказ взял") })

            let data = try #require(board.module.personalData.first)
            try await TestLoops.run {
                #expect(try await data.vetoes(account.uuid) == ["urgent_order_active"])
                let copy = JSONValue.parsed(try await data.export(account.uuid).bytes)
                #expect(copy?["id"] == 4002 && copy?["earlier"]?[0]?["orders"]?[0]?["id"] == .string(order), "\(String(describing: copy))")
            }
        }
    }

    /// Each Telegram comes while the accounts change hands: all are let in, each as one person with one account.
    @Test func accountsThatChangeHandsUnderWay() async throws {
        try await withBoard { board in
            try await board.gather(Self.old, Self.new)
            let first = try await platformAccount(of: Self.old, on: board)
            let second = try await platformAccount(of: Self.new, on: board)
            try await unlink(first, on: board)
            try await unlink(second, on: board)
            try await link(Self.new, to: first, on: board)
            try await link(Self.old, to: second, on: board)
            let answers = try await race(20) { number in
                try await board.send(
                    "GET", "/balance", token: Board.initData(number.isMultiple(of: 2) ? Self.old : Self.new, more: [("n", "\(number)")]))
            }
            #expect(answers.allSatisfy { $0.status == 200 && $0.json["balance"] == 100 }, "\(answers.map(\.text))")
            #expect(try await board.account(of: Self.old) == second.uuid)
            #expect(try await board.account(of: Self.new) == first.uuid)
            #expect(try await board.count("select count(*) from urgent.users where left_at is not null") == 0)
            try await board.checkInvariants()
        }
    }
}
