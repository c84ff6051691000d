import JSON
import Service

/// Whether the platform is maintained, as it is stored and as it is switched.
struct MaintenanceSwitch: Shaped {
    let isEnabled: Bool
    let message: String?

    /// Its row in `settings.platform_configs`.
    static let key = "maintenance"

    static let shape = Shape(
        "Maintenance", Self.init(isEnabled:message:),
        Field("isEnabled", { $0.isEnabled }),
        Field("message", { $0.message }, .length(1...500), doc: "A sentence for whoever is asked to come back."))

    init(isEnabled: Bool, message: String?) {
        self.isEnabled = isEnabled
        self.message = message
    }

    init?(_ stored: JSONText) {
        guard let value = try? Self.decode(json: stored.bytes) else { return nil }
        self = value
    }

    static let off = MaintenanceSwitch(isEnabled: false, message: nil)

    var rule: Maintenance? { isEnabled ? Maintenance(message: message) : nil }
}
