import JSON
import Service
import Support
import Synchronization
import Telegram
import Testing
import Values

@testable import Payments

/// Telegram, emulated, with two bots of ours, and payments in Stars.
final class StarsWorld: Sendable {
    static let condo = "4839574812:AAFD39kkdpWt3ywyRZergyOLMaJhac60qc1"
    static let urgent = "5839574812:BBFD39kkdpWt3ywyRZergyOLMaJhac60qc2"
    static let secret = "condo-secret-0123456789"

    let telegram: TelegramEmulator
    let rate = Atomic<Int>(150)

    init() throws { telegram = try TelegramEmulator(Self.condo, Self.urgent) }

    func provider(_ parts: OutsideParts) throws -> StarsProvider {
        let service = OutsideService("telegram", client: parts.client, clock: parts.clock, metrics: parts.metrics)
        let bots = [
            TelegramBot(name: "urgent", token: Self.urgent, base: telegram.service.url, service: service),
            TelegramBot(
                name: "condo", token: Self.condo, webhookSecret: Self.secret, base: telegram.service.url, service: service),
        ]
        return StarsProvider(
            TelegramBots(bots),
            rate: { self.rate.load(ordering: .relaxed) }, through: parts)
    }
}

func withStars(_ body: @escaping @Sendable (PaymentStage, StarsWorld) async throws -> Void) async throws {
    let world = try StarsWorld()
    try await withPayments(outside: { parts in (try? world.provider(parts)).map { [$0] } ?? [] }) { stage in
        try await body(stage, world)
    }
}

extension PaymentStage {
    /// A payment of an invoice in roubles by Stars, and the payload of its link.
    func beginStars(_ minor: Int64 = 100_00) async throws -> (id: ID<Payment>, payload: String, answer: TestAnswer) {
        let answer = try await order(
            try await invoice(minor, .rub, period: Months.next()), provider: StarsProvider.name)
        #expect(answer.status == 201, "\(answer.text)")
        return (
            try #require(answer.data["id"]?.string.flatMap { ID<Payment>($0) }),
            try #require(answer.data["reference"]?.string), answer
        )
    }

    /// Delivers an update of the bot, and carries out what it left.
    @discardableResult
    func hear(_ update: [UInt8], bot: String = "condo", secret: String? = StarsWorld.secret) async throws -> TestAnswer {
        let answer = try await server.send(
            "POST", "/api/v1/payments/webhook/telegram_stars/\(bot)",
            fields: secret.map { ["X-Telegram-Bot-Api-Secret-Token": $0] } ?? [:], raw: update)
        try await work()
        return answer
    }

    var now: Instant { server.clock.clock.now() }
}
