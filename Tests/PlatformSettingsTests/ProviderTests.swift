import JSON
import Postgres
import Service
import Support
import Synchronization
import Telemetry
import Testing
import Values

@testable import Payments
@testable import PlatformSettings

@Suite struct ProviderTests {
    private static let path = "/admin/settings/payment-providers"

    /// Stripe, emulated as far as it knows one account.
    private func stripe(knowing secret: String) throws -> EmulatedService {
        try EmulatedService { request in
            guard request.field("authorization") == "Bearer \(secret)" else {
                return .json(["error": ["message": "Invalid API Key provided"]], status: 401)
            }
            return .json(["object": "balance"])
        }
    }

    private func withProviders(
        _ body: @escaping @Sendable (SettingsWorld, PaymentProviders) async throws -> Void
    ) async throws {
        let service = try stripe(knowing: "sk_test_of_the_platform")
        let made = Mutex<PaymentProviders?>(nil)
        try await withSettings(
            environment: ["STRIPE_API_URL": service.url, "CASHFREE_MODE": "production"],
            payments: { platform, live in
                let parts = OutsideParts(
                    client: try TestLoops.client(), database: platform.database, clock: platform.clock,
                    metrics: platform.metrics, log: .silent)
                let providers = PaymentProviders(
                    ProviderSettings.providers(live.settings, through: parts),
                    besides: ProviderSettings.withdrawn(live.settings), database: platform.database)
                live.watch(.payments) { settings in
                    providers.use(
                        ProviderSettings.providers(settings, through: parts), besides: ProviderSettings.withdrawn(settings))
                }
                made.withLock { $0 = providers }
                return providers
            }
        ) { world in try await body(world, try #require(made.withLock { $0 })) }
    }

    private func view(_ name: String, _ answer: TestAnswer) -> JSONValue? {
        answer.data.array?.first { $0["provider"]?.string == name }
    }

    @Test func keysAreSealedMaskedAndActAtOnce() async throws {
        try await withProviders { world, providers in
            let payer = Payer(id: nil)
            let price = Money(minor: 1, currency: .eur)
            #expect(throws: (any Error).self) { try providers.route(price, through: nil, asked: nil, from: payer) }
            let before = try await world.send("GET", Self.path, as: world.owner)
            #expect(before.data.array?.compactMap { $0["provider"]?.string }
                == ["cashfree", "chargily", "razorpay", "stripe", "telegram_stars", "yookassa"], "\(before.text)")
            #expect(view("stripe", before)?["isSetUp"] == false && view("stripe", before)?["isEnabled"] == true)
            #expect(view("cashfree", before)?["mode"] == "production" && view("stripe", before)?["mode"]?.isNull == true)
            let keys: JSONValue = ["STRIPE_SECRET_KEY": "sk_test_of_the_platform", "STRIPE_WEBHOOK_SECRET": "whsec_0123456789abcdef"]
            let set = try await world.send("PATCH", Self.path + "/stripe", as: world.owner, ["keys": keys])
            #expect(set.status == 200 && set.data["isSetUp"] == true, "\(set.text)")
            #expect(!set.text.contains("of_the_platform") && set.text.contains("••••form"))
            #expect(try providers.route(price, through: nil, asked: nil, from: payer).first?.name == "stripe")
            let stored = try await world.server.database.all(
                Statement<String>("select value::text from settings.platform_configs where category = 'payments'"))
            #expect(stored.count == 2 && !stored.contains { $0.contains("platform") || $0.contains("whsec") })
            let trial = try await world.send("POST", Self.path + "/stripe/test", as: world.owner)
            #expect(trial.data["success"] == true, "\(trial.text)")
            let masked = try await world.send(
                "PATCH", Self.path + "/stripe", as: world.owner, ["isEnabled": false, "keys": ["STRIPE_SECRET_KEY": "••••form"]])
            #expect(masked.data["isEnabled"] == false && masked.data["isSetUp"] == true, "\(masked.text)")
            #expect(throws: (any Error).self) { try providers.route(price, through: nil, asked: "stripe", from: payer) }
            #expect(try providers.named("stripe").name == "stripe", "what was begun goes on")
            let trail = try await world.send("GET", "/audit-logs?action=settings_changed", as: world.owner)
            #expect(!trail.text.contains("of_the_platform") && trail.data.array?.count == 2, "\(trail.text)")
        }
    }

    @Test func anAccountThatIsNotKnownIsToldSo() async throws {
        try await withProviders { world, _ in
            let none = try await world.send("POST", Self.path + "/razorpay/test", as: world.owner)
            #expect(none.data["success"] == false && none.data["message"]?.string?.contains("keys") == true, "\(none.text)")
            let keys: JSONValue = ["STRIPE_SECRET_KEY": "sk_test_of_nobody", "STRIPE_WEBHOOK_SECRET": "whsec_0123456789abcdef"]
            _ = try await world.send("PATCH", Self.path + "/stripe", as: world.owner, ["keys": keys])
            let trial = try await world.send("POST", Self.path + "/stripe/test", as: world.owner)
            #expect(trial.status == 200 && trial.data["success"] == false && !trial.text.contains("of_nobody"), "\(trial.text)")
        }
    }

    @Test func whoMayAndWhatIsRefused() async throws {
        try await withProviders { world, _ in
            let rows: [(String, String, String?, JSONValue?, Int, String?)] = [
                ("GET", "", nil, nil, 401, "unauthorized"), ("GET", "", world.user, nil, 403, "forbidden"),
                ("GET", "", world.admin, nil, 403, "forbidden"), ("GET", "", world.owner, nil, 200, nil),
                ("PATCH", "/stripe", nil, ["isEnabled": false], 401, "unauthorized"),
                ("PATCH", "/stripe", world.admin, ["isEnabled": false], 403, "forbidden"),
                ("POST", "/stripe/test", world.admin, nil, 403, "forbidden"),
                ("PATCH", "/moon", world.owner, ["isEnabled": false], 404, "not_found"),
                ("POST", "/moon/test", world.owner, nil, 404, "not_found"),
                ("PATCH", "/stripe", world.owner, [:], 422, "invalid_input"),
                ("PATCH", "/stripe", world.owner, ["mode": "live"], 422, "invalid_input"),
                ("PATCH", "/chargily", world.owner, ["mode": "perhaps"], 422, "invalid_input"),
                ("PATCH", "/chargily", world.owner, ["mode": "live"], 200, nil),
                ("PATCH", "/stripe", world.owner, ["keys": ["RAZORPAY_KEY_ID": "x"]], 422, "unknown_field"),
                ("PATCH", "/stripe", world.owner, ["keys": ["STRIPE_API_URL": "https://elsewhere.test"]], 422, "unknown_field"),
                ("PATCH", "/stripe", world.owner, ["keys": ["STRIPE_SECRET_KEY": "sk_test_alone_here"]], 422, "invalid_input"),
                ("PATCH", "/stripe", world.owner, ["keys": ["STRIPE_SECRET_KEY": "short"]], 422, "invalid_input"),
            ]
            for (method, path, token, body, status, code) in rows {
                let answer = try await world.send(method, Self.path + path, as: token, body)
                #expect(answer.status == status && answer.code == code, "\(method) \(path) \(body ?? .null): \(answer.text)")
            }
        }
    }
}
