import Crypto
import JSON
import Values

/// SendGrid's event webhook: who signs it, and what it says.
package struct SendGridEvents: Sendable {
    /// Older ones are refused, so that nobody sends again what he once overheard.
    static let oldest = Duration.seconds(600)
    static let most = 10_000

    private let key: ES256PublicKey

    /// - Parameter key: `SubjectPublicKeyInfo` in base 64, as SendGrid's console shows it. Nil when it is no key on P-256.
    package init?(key text: String) {
        guard let bytes = Base64.decode(text), let key = try? ES256PublicKey(spki: bytes) else { return nil }
        self.key = key
    }

    /// Whether SendGrid signed this body: ECDSA over the timestamp and the body, DER in base 64.
    func isGenuine(_ body: [UInt8], signature: String, timestamp: String, now: Instant) -> Bool {
        guard let der = Base64.decode(signature), let seconds = Int64(timestamp) else { return false }
        let age = now - Instant(secondsSince1970: seconds)
        guard age <= Self.oldest, age >= .zero - Self.oldest else { return false }
        return key.verify(der: der, of: Array(timestamp.utf8) + body)
    }

    /// The reports in a body: those about mails of ours whose fate they change. Throws for what is no list of events.
    static func reports(_ body: [UInt8]) throws -> [DeliveryReport] {
        let events = try JSONValue.decode(json: body, limits: JSONLimits(depth: 8, members: 200_000)).array ?? []
        return events.prefix(most).compactMap(report)
    }

    private static func report(_ event: JSONValue) -> DeliveryReport? {
        guard let eventID = event["sg_event_id"]?.string, (1...100).contains(eventID.utf8.count),
            let id = event["notification_id"]?.string.flatMap({ UUID($0) })
        else { return nil }
        let reason = event["reason"]?.string ?? event["response"]?.string
        let at = event["timestamp"]?.int.map { Instant(secondsSince1970: Int64($0)) }
        func report(_ status: NotificationStatus, suppressing: SuppressionReason? = nil) -> DeliveryReport {
            DeliveryReport(
                eventID: eventID, notificationID: ID(id), status: status,
                reason: status == .delivered ? nil : "\(event["event"]?.string ?? "")\(reason.map { ": \($0)" } ?? "")", at: at,
                suppressing: suppressing)
        }
        switch event["event"]?.string {
        case "delivered": return report(.delivered)
        // "blocked": the address exists and did not take this one mail.
        case "bounce": return report(.bounced, suppressing: event["type"]?.string == "blocked" ? nil : .bounce)
        case "dropped": return report(.failed)
        case "spamreport": return report(.failed, suppressing: .complaint)
        default: return nil
        }
    }
}
