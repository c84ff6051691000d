import Service
import Testing
import Values

@testable import Payments

@Suite struct CommissionTests {
    @Test(arguments: [
        (100_00, 0, "5", 5_00), (3_000_00, 0, "5", 150_00), (10, 0, "5", 1), (9, 0, "5", 0), (30, 0, "5", 2),
        (100, 50, "5", 55), (100, 200, "5", 100), (1, 0, "100", 1), (100, 0, "0", 0),
    ] as [(Int64, Int64, String, Int64)]) func fixedAndPercentHalfUpNeverAboveTheAmount(
        amount: Int64, fixed: Int64, percent: String, share: Int64
    ) throws {
        let commission = Commission(fixed: fixed, percent: try #require(Percent(percent)))
        #expect(try commission.share(of: Money(minor: amount, currency: .eur)) == share)
    }

    @Test func everySettlementSumsToZero() throws {
        var system = SystemRandomNumberGenerator()
        let seed = system.next()
        var random = SplitMix(seed)
        let payee = Scope("company", .v7())
        for _ in 0..<1_000 {
            let amount = Int64.random(in: 1...1_000_000_000, using: &random)
            let rest = Int64.random(in: 0...amount, using: &random)
            let commission = Int64.random(in: 0...(amount - rest), using: &random)
            let fee = Int64.random(in: 0...amount, using: &random)
            let postings = SettlementPostings(
                payee: payee, currency: .eur, amount: amount, rest: rest, commission: commission, fee: fee)
            #expect(postings.online(through: "sandbox").isBalanced, "seed \(seed)")
            #expect(postings.byHand().isBalanced, "seed \(seed)")
            #expect(postings.online(through: "sandbox").allSatisfy { $0.amount != 0 }, "seed \(seed)")
        }
    }

    @Test func refundsTogetherGiveBackTheWholeCommission() throws {
        var system = SystemRandomNumberGenerator()
        let seed = system.next()
        var random = SplitMix(seed)
        for _ in 0..<500 {
            let used = Int64.random(in: 1...100_000, using: &random)
            let commission = Int64.random(in: 0...used, using: &random)
            var before: Int64 = 0
            var returned: Int64 = 0
            while before < used {
                let part = Int64.random(in: 1...(used - before), using: &random)
                let postings = try RefundPostings(
                    Money(minor: part, currency: .eur), isUnused: false, payee: Scope("company", .zero),
                    commission: commission, used: used, before: before)
                #expect(postings.postings(through: "sandbox").isBalanced, "seed \(seed)")
                #expect(postings.postings(through: nil).isBalanced, "seed \(seed)")
                returned += postings.commission
                before += part
            }
            #expect(returned == commission, "seed \(seed)")
        }
    }
}

/// A seeded source of randomness, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
        return word ^ word >> 31
    }
}
