import Identity
import Postgres
import Service
import Values

/// What every change of a setting leaves behind, in its transaction: a row of the trail and an event.
struct SettingsTrail: Sendable {
    let audit: Audit
    let book: RoleBook
    let outbox: Outbox

    func record(
        _ action: String, _ type: String, _ id: String, _ changes: [AuditChange?], object: UUID? = nil,
        product: String? = nil, by call: Call
    ) async throws {
        let entry = AuditEntry(
            action, type, id, product: product, scope: .platform, changes: changes.compactMap { $0 })
        await audit.record(entry, by: AuditActor(call, book))
        try await outbox.publish(Event("setting.changed", type, object))
    }
}
