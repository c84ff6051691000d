import JSON
import Realtime

extension InvoicesModule {
    /// What people hear of the invoices that they are to pay themselves. Whom a unit's invoice concerns, its product knows.
    package static let forwards = [
        RoomForward(
            "invoice:updated",
            on: ["invoice.issued", "invoice.paid", "invoice.changed", "invoice.overdue", "invoice.cancelled"]
        ) { news in
            guard let debtor = news["debtor"], debtor["type"] == "user" else { return nil }
            return debtor["id"]?.string.map { "user:\($0)" }
        }
    ]
}
