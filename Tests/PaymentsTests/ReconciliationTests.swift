import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Payments

@Suite struct ReconciliationTests {
    private func booked(_ order: String, _ minor: Int64, refunded: Int64 = 0, isPaid: Bool = true, isSettled: Bool = true) -> BookedPayment {
        BookedPayment(
            reference: "ORD_\(order)", orderID: order, paymentID: nil, amount: Money(minor: minor, currency: .eur),
            refunded: refunded, isPaid: isPaid, isSettled: isSettled)
    }

    private func received(_ order: String, _ minor: Int64, refunded: Int64? = 0) -> ProviderReceipt {
        ProviderReceipt(orderID: order, paymentID: "p\(order)", amount: Money(minor: minor, currency: .eur), refunded: refunded)
    }

    @Test func whatAgreesMatches() {
        let both = Comparison(ours: [booked("a", 1), booked("b", 2, refunded: 1)], theirs: [received("a", 1), received("b", 2, refunded: 1)])
        #expect(both.checked == 2 && both.matched == 2 && both.differences.isEmpty)
        let silent = Comparison(ours: [booked("a", 1, refunded: 1)], theirs: [received("a", 1, refunded: nil)])
        #expect(silent.matched == 1)
    }

    @Test func whatDoesNotAgreeIsNamed() {
        func kinds(_ ours: [BookedPayment], _ theirs: [ProviderReceipt]) -> [Difference.Kind] {
            Comparison(ours: ours, theirs: theirs).differences.map(\.kind)
        }
        #expect(kinds([], [received("a", 1)]) == [.missingHere])
        #expect(kinds([booked("a", 1, isPaid: false)], [received("a", 1)]) == [.missingHere])
        #expect(kinds([booked("a", 1)], []) == [.missingThere])
        #expect(kinds([booked("a", 2)], [received("a", 1)]) == [.amount])
        #expect(kinds([booked("a", 2)], [received("a", 2, refunded: 1)]) == [.refunded])
        #expect(kinds([booked("a", 1, isPaid: false)], []).isEmpty)
        #expect(kinds([booked("a", 1, isSettled: false)], []).isEmpty, "too young to be missed")
    }

    /// Paid there and never heard of here, and paid on both sides.
    @Test(arguments: ["stripe", "razorpay", "cashfree", "yookassa"]) func aNight(_ house: String) async throws {
        try await withHouses { stage, houses in
            let (currency, amount): (Currency, Int64) =
                house == "stripe" ? (.eur, 100_00) : house == "yookassa" ? (.rub, 100_00) : house == "razorpay" ? (.inr, 100_00) : (.inr, 900_00)
            let first = try await stage.order(try await stage.invoice(amount, currency))
            _ = try await stage.order(try await stage.invoice(amount, currency, period: "2026-06"))
            houses.payAll()
            let id = try #require(first.data["id"]?.string.flatMap { ID<Payment>($0) })
            try await stage.payments.settle(id)
            stage.server.clock.advance(by: .hours(2))
            #expect(try await stage.payments.reconcile() == 1)
            let list = try await stage.server.send("GET", "/api/v1/payments/reconciliations?provider=\(house)", token: "root")
            let row = try #require(list.data[0])
            #expect(row["checked"]?.int == 2 && row["matched"]?.int == 1, "\(list.text)")
            #expect(row["differences"]?[0]?["kind"]?.string == "missing_here", "\(list.text)")
            let second = try await stage.server.database.one(
                Statement<ID<Payment>>("select id from payments.payments where status = 'pending'"))
            try await stage.payments.settle(second)
            #expect(try await stage.payments.reconcile() == 0, "found, and no longer there once it is settled")
        }
    }

    @Test func theBookIsComparedWithItself() async throws {
        try await withPayments { stage in
            let (id, page) = try await stage.checkout(try await stage.invoice(100_00))
            _ = try await stage.choose("succeed", on: page)
            try await stage.payments.settle(id)
            #expect(try await stage.payments.auditLedger() == 0)
            let list = try await stage.server.send("GET", "/api/v1/payments/reconciliations?provider=ledger", token: "root")
            #expect(list.data.array?.count == 1 && list.data[0]?["matched"] == list.data[0]?["checked"], "\(list.text)")
            for (token, status) in [(nil, 401), ("resident", 403), ("office", 403), ("finance", 200)] as [(String?, Int)] {
                let answer = try await stage.server.send("GET", "/api/v1/payments/reconciliations", token: token)
                #expect(answer.status == status, "\(token ?? "guest"): \(answer.text)")
            }
        }
    }

    /// Somebody went behind the program's back.
    @Test func aTamperedBalanceIsFound() async throws {
        try await withDatabase { database in
            try await database.execute(Command("alter table payments.accounts disable trigger accounts_new_empty"))
            try await database.execute(
                Command(
                    """
                    insert into payments.accounts (id, owner_type, code, unit, balance)
                    values (gen_random_uuid(), 'platform', 'clearing.x', 'EUR', 5)
                    """))
            #expect(try await database.all(LedgerQueries.differences).map(\.difference) == [5])
        }
    }
}
