import Service
import Values

/// Writes what staff do in a shared module into the audit trail, in the transaction of the change.
package struct StaffTrail: Sendable {
    private let audit: Audit
    private let book: RoleBook

    package init(_ audit: Audit, _ book: RoleBook) {
        self.audit = audit
        self.book = book
    }

    package func record(
        _ action: String, _ type: String, _ id: UUID, product: String, in scope: Scope, changes: [AuditChange?] = [],
        details: [(name: String, value: AuditValue)] = [], by call: Call
    ) async {
        await record(
            action, type, id.description, product: product, in: scope, changes: changes, details: details, by: call)
    }

    /// - Parameter id: nil where there is no one object: a file of many.
    package func record(
        _ action: String, _ type: String, _ id: String?, product: String, in scope: Scope, changes: [AuditChange?] = [],
        details: [(name: String, value: AuditValue)] = [], by call: Call
    ) async {
        let entry = AuditEntry(
            action, type, id, product: product, scope: scope, changes: changes.compactMap { $0 }, details: details)
        await audit.record(entry, by: AuditActor(call, book))
    }
}
