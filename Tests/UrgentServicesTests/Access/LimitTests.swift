import Service
import Support
import Testing

@testable import UrgentServices

/// How often one may ask (4.9): the board's numbers, not the house's.
@Suite struct UrgentLimitTests {
    @Test func guestsAndUsersHaveLimitsOfTheirOwn() async throws {
        var options = UrgentDoors.Options()
        (options.guestsPerMinute, options.usersPerMinute) = (7, 4)
        try await withBoard(policy: Policy(rateLimit: RateLimit("default", 2, perSeconds: 60)), options: options) { board in
            for (user, most) in [(nil, 7), (1, 4), (2, 4)] as [(Int?, Int)] {
                for _ in 0..<most { #expect(try await board.get("/orders", as: user).status == 200) }
                let refused = try await board.get("/orders", as: user)
                #expect(refused.status == 429 && refused.code == "rate_limited" && refused.field("retry-after") != nil)
            }
        }
    }

    @Test func withoutLimitsTheHousesDoesNotStepIn() async throws {
        var options = UrgentDoors.Options()
        (options.guestsPerMinute, options.usersPerMinute) = (nil, nil)
        try await withBoard(policy: Policy(rateLimit: RateLimit("default", 2, perSeconds: 60)), options: options) { board in
            for user in [nil, 1] as [Int?] {
                for _ in 0..<10 {
                    let answer = try await board.get("/orders", as: user)
                    #expect(answer.status == 200)
                }
            }
        }
    }
}
