import Identity
import JSON
import Jobs
import Payments
import Postgres
import Service
import Values

/// What this module adds to the program.
package struct SubscriptionsModule: Module {
    package let name = "subscriptions"
    package let door: Subscriptions
    private let payments: Payments
    /// Where payers may be sent.
    let returns: ReturnAddresses
    private let trail: StaffTrail?
    let trialDays: Int

    /// - Parameters:
    ///   - payments: by which first periods are paid, and renewals that have a saved method.
    ///   - trail: where changes by staff are written down.
    ///   - trialDays: of trial plans that do not say.
    package init(
        _ door: Subscriptions, payments: Payments, returns: ReturnAddresses, trail: StaffTrail? = nil, trialDays: Int = 14
    ) {
        self.door = door
        self.returns = returns
        self.payments = payments
        self.trail = trail
        self.trialDays = trialDays
    }

    package var operations: [Operation] { PlanOperations.all(self) + SubscriptionOperations.all(self) }
    package var gates: [any ProblemKind] { [SubscriptionGate.subscriptionExpired] }

    package var jobs: [JobType] { SubscriptionJobs.types(door, payments) }
    package var schedules: [Schedule] { [Schedule("subscription-cycle", SubscriptionJobs.cycle, Empty(), .cron("5 * * * *"))] }
    package var sections: [DashboardSection] { [FigureQueries.section(door.database)] }

    package var eventHandlers: [EventHandler] {
        [
            EventHandler("subscriptions.invoice_paid", on: ["invoice.paid"]) { [door] event in
                guard let id = event.objectID else { return }
                try await door.invoicePaid(id)
            }
        ]
    }

    package static var statements: [StatementSample] {
        PlanQueries.samples + SubscriptionQueries.samples + ChargeQueries.samples + FigureQueries.samples + PersonalQueries.samples
    }

    /// Begins to pay what a subscription asks for; nil where nobody can be paid just now, or not so: the subscription waits.
    func begin(_ body: SubscribeBody, _ id: ID<Subscription>, by call: Call) async throws -> PaymentView? {
        do {
            return try await payments.begin(
                SubscriptionPurpose.name, id.uuid, through: body.provider, savedMethod: body.savedMethodID,
                returnURL: body.returnURL, by: call.caller, as: call.effect)
        } catch let error where error is Problem || error is any ProblemKind || error is InvalidInput {
            return nil
        }
    }

    func record(
        _ action: String, _ type: String, _ id: UUID, _ product: String, _ scope: Scope, _ changes: [AuditChange?] = [],
        by call: Call
    ) async {
        await trail?.record(action, type, id, product: product, in: scope, changes: changes, by: call)
    }

    /// Carries a change out and, unless the subscriber himself made it, writes it down.
    func audited(_ action: String, _ id: ID<Subscription>, _ call: Call, _ change: () async throws -> Void) async throws {
        try await door.database.transaction { _ in
            let before = try await door.subscription(id)
            try await change()
            if try await door.isSubscriber(call.caller, before) { return }
            let after = try await door.subscription(id)
            let changes = [
                AuditChange("status", AuditValue(before.status), AuditValue(after.status)),
                AuditChange("planId", AuditValue(before.planID), AuditValue(after.planID)),
                AuditChange("periodEndAt", AuditValue(before.periodEndAt), AuditValue(after.periodEndAt)),
            ]
            await record(action, "subscription", id.uuid, before.product, before.subscriber, changes, by: call)
        }
    }
}
