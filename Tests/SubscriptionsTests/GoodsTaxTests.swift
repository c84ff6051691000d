import Invoices
import JSON
import Postgres
import Service
import Testing
import Values

@testable import Subscriptions

/// India's tax on what the platform sells.
@Suite struct GoodsTaxTests {
    private func rupees(_ paise: Int64) -> Money { Money(minor: paise, currency: .inr) }

    @Test(arguments: [
        (1_180_00, nil, 1_000_00, ["CGST 900 9000", "SGST 900 9000"]), (1_180_00, 29, 1_000_00, ["CGST 900 9000", "SGST 900 9000"]),
        (1_180_00, 27, 1_000_00, ["IGST 1800 18000"]), (999_00, 27, 846_61, ["IGST 1800 15239"]),
        // An odd tax: the union's half is the greater.
        (999_00, 29, 846_61, ["CGST 900 7620", "SGST 900 7619"]), (1, nil, 1, ["CGST 900 0", "SGST 900 0"]),
    ] as [(Int64, Int?, Int64, [String])])
    func pricesHaveItInThem(amount: Int64, buyer: Int?, net: Int64, taxes: [String]) throws {
        let parts = try GoodsTax.standard.parts(of: rupees(amount), price: rupees(amount), buyer: buyer)
        #expect(parts.net == rupees(net))
        #expect(parts.taxes.map { "\($0.code) \($0.rate.raw) \($0.amount)" } == taxes)
        #expect(parts.net.minor + parts.taxes.reduce(0) { $0 + $1.amount } == amount)
        #expect(try GoodsTax.standard.added(to: rupees(amount)).isZero)
    }

    @Test func orItIsAskedForBesideThem() throws {
        let tax = GoodsTax(rate: Percent(raw: 18_00), state: 29, isIncluded: false)
        for price in [1, 7, 33, 999_99, 1_000_00] as [Int64] {
            let amount = try rupees(price) + tax.added(to: rupees(price))
            let parts = try tax.parts(of: amount, price: rupees(price), buyer: 27)
            #expect(parts.net == rupees(price) && parts.taxes.count == 1)
            #expect(price + parts.taxes[0].amount == amount.minor)
        }
    }

    @Test func otherMoneyBearsNone() throws {
        let price = Money(minor: 100_00, currency: .eur)
        let tax = GoodsTax(rate: Percent(raw: 18_00), state: 29, isIncluded: false)
        #expect(try tax.added(to: price).isZero)
        let parts = try tax.parts(of: price, price: price, buyer: nil)
        #expect(parts.net == price && parts.taxes.isEmpty)
    }

    @Test func aPaidPeriodIsInvoicedWithIt() async throws {
        try await withSubscriptions { stage in
            let made = try await stage.send("POST", "/admin/subscriptions/plans", as: "seller", [
                "product": "news", "subscriberType": "user", "name": "India", "slug": "india", "type": "basic",
                "prices": [["cycle": "monthly", "currency": "INR", "amount": 999]],
            ])
            let plan = try #require(made.data["id"]?.string, "\(made.text)")
            let id = try #require(try await stage.subscribe(plan).data["id"]?.string)
            try await stage.pay(id)
            #expect(try await stage.get(id)["status"] == "active")
            let rows = try await stage.texts(
                """
                select concat_ws(' ', subtotal, tax, total, paid, taxes->0->>'code', taxes->0->>'amount', taxes->1->>'code',
                    taxes->1->>'amount') from invoices.invoices
                """)
            #expect(rows == ["84661 15239 99900 99900 CGST 76.2 SGST 76.19"] || rows == ["84661 15239 99900 99900 CGST 76.20 SGST 76.19"], "\(rows)")
            #expect(try await stage.get(id)["amount"]?.number == 999)
        }
    }

    /// The product knows where a subscriber is: in another state the tax is one whole. The invoice's day is India's.
    @Test func anotherStatesSubscriberPaysTheUnionsTax() async throws {
        try await withSubscriptions { stage in
            let made = try await stage.send("POST", "/admin/subscriptions/plans", as: "seller", [
                "product": "shops", "subscriberType": "shop", "name": "India", "slug": "india", "type": "basic",
                "prices": [["cycle": "monthly", "currency": "INR", "amount": 999]],
            ])
            let plan = try #require(made.data["id"]?.string, "\(made.text)")
            let subscribed = try await stage.send("POST", "/subscriptions/subscribe", as: "owner", [
                "planId": .string(plan), "subscriberType": "shop", "subscriberId": .string("\(stage.world.shop.id!)"),
            ])
            let id = try #require(subscribed.data["id"]?.string, "\(subscribed.text)")
            try await stage.pay(id, as: "owner")
            let rows = try await stage.texts(
                """
                select concat_ws(' ', jsonb_array_length(taxes), taxes->0->>'code', (taxes->0->>'amount')::numeric * 100,
                    time_zone) from invoices.invoices
                """)
            #expect(rows == ["1 IGST 15239.00 Asia/Kolkata"], "\(rows)")
        }
    }
}
