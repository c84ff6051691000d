import Notifications
import Postgres
import Service
import Values

/// Who looks after a payee's money: whoever may read it by a grant on the payee itself.
package typealias PayoutPeople = nonisolated(nonsending) @Sendable (Scope) async throws -> [UUID]

/// Tells payees what has become of their payouts: that the money was sent, or why it was not. Staff of the platform hear of the
/// refused ones by a notice of their own.
struct PayoutLetters: Sendable {
    let payouts: Payouts
    let notifications: Notifications
    let people: PayoutPeople

    private static let arrived = "payout.succeeded"

    var handler: EventHandler {
        EventHandler("payments.payout_letters", on: [Self.arrived, "payout.failed"]) { event in
            guard let id = event.objectID else { return }
            try await tell(event.name, of: ID(id))
        }
    }

    /// Each try of a payout once, however often its event comes. What has gone on since is told by its own event.
    private func tell(_ event: String, of id: ID<Payout>) async throws {
        guard let payout = try await payouts.database.first(PayoutQueries.payout(id)) else { return }
        var values = ["amount": payout.amount.description]
        let template: TemplateKey
        switch (event, payout.state.status) {
        case (Self.arrived, .completed):
            template = .payoutCompleted
            values["date"] = try await payouts.database.one(PayoutQueries.completedOn(id, zone: zone(of: payout))).description
        case ("payout.failed", .failed):
            template = .payoutFailed
            values["reason"] = payout.failure ?? ""
        default: return
        }
        for contact in try await notifications.people(try await people(payout.payee)) {
            let notice = Notice(
                template: template, in: contact.locale, values, priority: .high, scope: payout.payee,
                dedupeKey: "\(template.rawValue):\(payout.idempotencyKey):\(contact.userID)")
            try await notifications.send(notice, to: .user(contact.userID, email: contact.email))
        }
    }

    /// A day is one of the payee's market.
    private func zone(of payout: Payout) -> String {
        payouts.kinds.first { $0.type == payout.payee.type }?.zone ?? "UTC"
    }
}
