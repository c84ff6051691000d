import JSON
import Postgres
import Service
import Values

/// A device or browser that takes push messages of its owner.
struct Device: Row {
    let id: ID<Device>
    let userID: UUID
    let kind: DeviceKind
    let token: String
    let platform: DevicePlatform
    let keys: WebPushKeys?
    let name: String?
    let lastSeenAt: Instant
    let createdAt: Instant

    init(_ row: inout RowReader) throws {
        id = try row.next()
        userID = try row.next()
        kind = try row.next()
        token = try row.next()
        platform = try row.next()
        keys = try row.documentIfAny()
        name = try row.next()
        lastSeenAt = try row.next()
        createdAt = try row.next()
    }
}

/// By which service a device is reached.
enum DeviceKind: String, WireEnum {
    case fcm, expo, webpush
}

enum DevicePlatform: String, WireEnum {
    case ios, android, web
}

/// What a browser hands over with its subscription (RFC 8291): its key and a secret of its own, in base64url.
struct WebPushKeys: Shaped {
    let p256dh: String
    let auth: String

    static let shape = Shape<Self>(
        "WebPushKeys", Self.init, Field("p256dh", { $0.p256dh }, .length(87...88)), Field("auth", { $0.auth }, .length(22...24)))
}

/// A device to be kept.
struct NewDevice: Shaped {
    let kind: DeviceKind
    let token: String
    let platform: DevicePlatform
    let keys: WebPushKeys?
    let name: String?

    static let shape = Shape<Self>(
        "NewDevice", Self.init, Field("kind", { $0.kind }),
        Field("token", { $0.token }, .length(8...4096), doc: "Of a browser the address of its subscription."),
        Field("platform", { $0.platform }), Field("keys", { $0.keys }, doc: "Of a browser."),
        Field("name", { $0.name }, .length(1...100)), check: { $0.mistakes })

    private var mistakes: [FieldError] {
        guard token.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            return [FieldError(field: "token", code: "pattern", message: "must be printable ASCII without spaces")]
        }
        if (kind == .webpush) != (keys != nil) {
            return [FieldError(field: "keys", code: "conflict", message: "belong to browsers, and to nothing else")]
        }
        if let keys, WebPushKey(keys) == nil {
            return [FieldError(field: "keys", code: "pattern", message: "are no key on P-256 and no secret of 16 bytes")]
        }
        return []
    }
}

struct DeviceView: WireOutput {
    let device: Device

    static let shape = Shape<Self>(
        output: "Device", Field("id", { $0.device.id }), Field("createdAt", { $0.device.createdAt }),
        Field("kind", { $0.device.kind }), Field("platform", { $0.device.platform }), Field("name", { $0.device.name }),
        Field("lastSeenAt", { $0.device.lastSeenAt }))
}

struct WebPushKeyView: WireOutput {
    let publicKey: String

    static let shape = Shape<Self>(output: "WebPushKey", Field("publicKey", { $0.publicKey }, doc: "`applicationServerKey` in base64url."))
}
