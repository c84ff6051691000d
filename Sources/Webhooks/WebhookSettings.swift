import Service

/// Settings of outgoing webhooks.
package enum WebhookSettings {
    package static let privateNetworks = Setting<[String]>(
        "WEBHOOK_PRIVATE_NETWORKS", "webhooks.privateNetworks", default: [], .networks,
        meaning: "Networks of yours in which endpoints may lie, by http too. Empty: in the public internet, by https.")

    package static let rows: [any SettingRow] = [privateNetworks]
}
