import JSON
import Values

/// A message ready for a device.
struct OutgoingPush: Sendable {
    let id: ID<Notification>
    let device: Device
    let title: String
    let body: String
    let content: PushContent
    let isUrgent: Bool
}

/// What a push message carries beside its words.
struct PushContent: Shaped, Equatable {
    /// For the app.
    let data: [String: String]
    /// The number on its icon.
    let badge: Int?
    /// What a browser gets besides title and body, in the words of a product's own contract; nil for the platform's.
    var browser: BrowserContent?

    static let shape = Shape<Self>(
        "PushContent", Self.init, Field("data", { $0.data }, .count(0...20), .each(.length(0...1000)), default: { [:] }),
        Field("badge", { $0.badge }, .range(0...99_999)), Field("browser", { $0.browser }))

    static let empty = PushContent(data: [:], badge: nil)
}

/// A service that reaches devices of one kind.
protocol PushProvider: Sendable {
    var name: String { get }
    var isSandbox: Bool { get }
    /// Returns the service's own id of the message. Throws `DeliveryFailure`; a dead address is a device that is no more.
    func send(_ message: OutgoingPush) async throws -> String?
}

/// Takes every message and sends none. Not for production.
struct SandboxPush: PushProvider {
    let name = "sandbox"
    let isSandbox = true

    func send(_ message: OutgoingPush) async throws -> String? { nil }
}

/// A provider for each kind of device.
package struct PushProviders: Sendable {
    let all: [DeviceKind: any PushProvider]
    /// What browsers are told to subscribe with; nil where nobody reaches browsers.
    let webPushKey: String?
    /// Where subscriptions of browsers may lead: nobody makes us call elsewhere.
    let webPushHosts: [String]

    init(_ all: [DeviceKind: any PushProvider], webPushKey: String? = nil, webPushHosts: [String] = []) {
        self.all = all
        self.webPushKey = webPushKey
        self.webPushHosts = webPushHosts
    }

    /// Nobody reaches any device.
    package static let nobody = PushProviders([:])
    package static let sandbox = PushProviders(
        Dictionary(uniqueKeysWithValues: DeviceKind.allCases.map { ($0, SandboxPush()) }), webPushHosts: PushSettings.hosts)

    var isSandbox: Bool { all.values.contains { $0.isSandbox } }
    var expo: ExpoProvider? { all[.expo] as? ExpoProvider }
}
