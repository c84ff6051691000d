import JSON
import Payments
import Service
import Values

/// What staff set of payment providers: it acts on every instance within a second.
struct ProviderOperations {
    let configs: Configs
    let payments: PaymentProviders

    private static let path = "/api/v1/admin/settings/payment-providers"
    /// Of asking providers, an hour.
    private static let limit = RateLimit("settings-trials", 10, perSeconds: 3600)

    /// By the section of their settings.
    private var rows: [String: [any SettingRow]] {
        Dictionary(grouping: configs.state.live.start.rows(in: .payments)) { String($0.section) }
    }

    var all: [Operation] {
        [
            Operation.list(
                Self.path, "listPaymentProviders", "Payment providers, as they are set up now", tag: SettingsTag.name,
                who: .permission("settings:manage"), filter: Empty.self, item: ProviderView.self, sort: ["provider"]
            ) { [self] call, _, page in
                try call.caller.requirePlatform("settings:manage")
                let names = rows.keys.sorted()
                let chosen = names.dropFirst(page.offset).prefix(page.limit)
                return Page(try await views(Array(chosen)), total: names.count)
            }.uncompressed(),
            Operation.patch(
                Self.path + "/{provider}", "changePaymentProvider", "Change how a payment provider is set up",
                tag: SettingsTag.name, who: .permission("settings:manage"), body: ProviderChange.self,
                answer: ProviderView.self
            ) { [self] call, body in
                try call.caller.requirePlatform("settings:manage")
                let (name, rows) = try provider(call)
                _ = try await configs.change(.payments, ConfigChange(values: try body.values(of: rows)), by: call)
                return try await views([name])[0]
            }.uncompressed(),
            Operation.action(
                Self.path + "/{provider}/test", "testPaymentProvider",
                "Ask a payment provider whether it knows our account", tag: SettingsTag.name,
                who: .permission("settings:manage"), answer: SettingsTest.self
            ) { [self] call in
                try call.caller.requirePlatform("settings:manage")
                let (name, _) = try provider(call)
                guard payments.names.contains(name) else {
                    return SettingsTest(success: false, message: "It does not have the keys that it needs.")
                }
                do {
                    try await payments.probe(name)
                    return SettingsTest(success: true, message: "It knows our account.")
                } catch {
                    return SettingsTest(success: false, message: String("\(error)".prefix(500)))
                }
            }.askingOutside().limited(Self.limit),
        ]
    }

    private func provider(_ call: Call) throws -> (name: String, rows: [any SettingRow]) {
        let name = try call.text("provider")
        guard let rows = rows[name] else { throw HouseProblem.notFound.problem }
        return (name, rows)
    }

    private func views(_ names: [String]) async throws -> [ProviderView] {
        let values = try await configs.group(.payments).values
        let rows = rows
        return names.map { name in
            let keys = Set(rows[name, default: []].map(\.environment))
            return ProviderView(
                name: name, isSetUp: payments.names.contains(name), values: values.filter { keys.contains($0.key) })
        }
    }
}
