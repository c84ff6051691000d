import Identity
import Jobs
import Postgres
import Service

/// What people may ask of what is known of them: a copy of it, and that it goes.
package struct PrivacyModule: Module {
    package let name = "privacy"
    package let exports: PersonalExports

    package init(_ exports: PersonalExports) { self.exports = exports }

    package var operations: [Operation] { PrivacyOperations.all(exports) }
    package var jobs: [JobType] { [JobType(PersonalExports.job) { payload, _ in try await exports.carryOut(payload) }] }

    /// One handler for each module: one that fails is tried again while the others go on.
    package var eventHandlers: [EventHandler] {
        exports.register.all.map { part in
            EventHandler("privacy.erase.\(part.name)", on: [IdentityEvent.deleted.rawValue]) { event in
                guard let user = event.objectID else { return }
                try await part.erase(user)
            }
        }
    }

    package static var statements: [StatementSample] { [] }
}
