import JSON
import Notifications
import Postgres
import Service
import Values

/// Tells the platform's staff of money that needs somebody: what is contested at a bank, what could not be given back, what could
/// not be paid out.
struct StaffNotices: Sendable {
    let database: Database
    let notifications: Notifications

    private static let events: [String: String] = [
        "payment.disputed": "A payment is contested", "refund.failed": "A refund was not carried out",
        "payout.failed": "A payout was refused",
    ]

    var handler: EventHandler {
        EventHandler("payments.staff_notices", on: Set(Self.events.keys)) { event in try await tell(event) }
    }

    /// Each object once for each thing that has become of it, however often the event comes.
    private func tell(_ event: Event) async throws {
        guard let title = Self.events[event.name], let id = event.objectID,
            let name = try await database.first(Self.name(of: event.name, id))
        else { return }
        let message =
            switch event.name {
            case "payment.disputed":
                "The payer of \(name) contests it at his bank. Answer the provider in time; until then it is paid out to nobody."
            case "refund.failed": "The provider has not carried out the refund \(name). Its money is the payer's still."
            default: "The transfer of the payout \(name) was refused. See why, and try it again or cancel it."
            }
        try await notifications.announce(
            SystemNotice(
                title, message, kind: .error, category: .payment, priority: .high, scope: event.scope, isActionRequired: true,
                details: ["objectType": event.objectType, "objectId": id.description],
                dedupeKey: "\(event.name):\(id)"))
    }

    /// What people call it.
    private static func name(of event: String, _ id: UUID) -> Statement<String> {
        switch event {
        case "payment.disputed": Statement("select reference::text from payments.payments where id = \(id)")
        case "refund.failed": Statement("select number from payments.refunds where id = \(id)")
        default: Statement("select number from payments.payouts where id = \(id)")
        }
    }

    static var samples: [StatementSample] {
        events.keys.sorted().map { StatementSample("staff notice: \($0)", name(of: $0, .zero)) }
    }
}
