import Testing
import Values

@testable import Invoices

@Suite struct SpreadTests {
    static func place(_ balance: Int64, due day: Int) -> Spread.Place {
        Spread.Place(invoice: .new(), balance: balance, dueOn: Day(year: 2026, month: 8, day: day)!)
    }

    @Test func upToTheBalanceThenOldestFirst() {
        let paid = Self.place(0, due: 1)
        let meant = Self.place(50, due: 20)
        let late = Self.place(30, due: 9)
        let oldest = Self.place(10, due: 5)
        let spread = Spread(Money(minor: 75, currency: .eur), over: [paid, meant, late, oldest], first: meant.invoice)
        #expect(spread.shares.map(\.invoice) == [meant.invoice, oldest.invoice, late.invoice])
        #expect(spread.shares.map(\.amount) == [50, 10, 15])
        #expect(spread.rest.minor == 0)
    }

    @Test func whatNothingTakesIsLeft() {
        let cancelled = Self.place(0, due: 1)
        let spread = Spread(Money(minor: 75, currency: .eur), over: [cancelled], first: cancelled.invoice)
        #expect(spread.shares.isEmpty)
        #expect(spread.rest.minor == 75)
    }

    @Test func noUnitIsLostAndNoneIsMade() {
        var system = SystemRandomNumberGenerator()
        let seed = system.next()
        var random = SplitMix(seed)
        for _ in 0..<1_000 {
            let open = (0..<Int.random(in: 0...8, using: &random)).map { _ in
                Self.place(.random(in: 0...1_000, using: &random), due: .random(in: 1...31, using: &random))
            }
            let amount = Int64.random(in: 1...5_000, using: &random)
            let first = open.randomElement(using: &random)?.invoice ?? .new()
            let spread = Spread(Money(minor: amount, currency: .eur), over: open.shuffled(using: &random), first: first)
            #expect(spread.taken + spread.rest.minor == amount, "seed \(seed)")
            for share in spread.shares {
                let place = open.first { $0.invoice == share.invoice }
                #expect(share.amount > 0 && share.amount <= place?.balance ?? 0, "seed \(seed)")
            }
            let isAllFull = spread.taken == open.reduce(0) { $0 + $1.balance }
            #expect(spread.rest.minor == 0 || isAllFull, "seed \(seed): something is left although somebody is open")
        }
    }
}
