import Crypto
import JSON
import Service
import Values

/// Browsers of people who subscribe by a product's own routes.
extension Notifications {
    /// What browsers subscribe with; nil where nobody reaches them.
    package var webPushKey: String? { channels.push.webPushKey }

    /// Keeps a browser's subscription; one that somebody else had is this user's from now on. Throws `InvalidInput` for an
    /// address that we do not call, and for keys that are none.
    ///
    /// - Returns: whether it is new.
    package func keepBrowser(
        at endpoint: String, p256dh: String, auth: String, named name: String?, of user: UUID
    ) async throws -> Bool {
        let device = NewDevice(
            kind: .webpush, token: endpoint, platform: .web, keys: WebPushKeys(p256dh: p256dh, auth: auth),
            name: name.map { String($0.unicodeScalars.prefix(100)) })
        guard endpoint.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
            WebPushProvider.address(endpoint, channels.push.webPushHosts) != nil
        else {
            throw InvalidInput(field: "endpoint", code: "choice", message: "is no push service that messages are sent to")
        }
        guard let keys = device.keys, WebPushKey(keys) != nil else {
            throw InvalidInput(field: "keys", code: "pattern", message: "are no key on P-256 and no secret of 16 bytes")
        }
        return try await keep(device, of: user).isNew
    }

    /// One's own; of others, and of what is not known, nothing is dropped.
    package func dropBrowser(at endpoint: String, of user: UUID) async throws {
        try await database.execute(DeviceQueries.delete(token: SHA256.digest(of: endpoint), of: user))
    }
}
