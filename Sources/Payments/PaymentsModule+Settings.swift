import Cache
import HTTP
import Invoices
import Jobs
import Postgres
import Service
import Telemetry
import Values

extension PaymentsModule {
    /// The module as the settings have it. In production there is no sandbox, and while no other provider is set up nothing
    /// can be paid online there.
    ///
    /// - Parameters:
    ///   - commissions: by product; where a product's payee has no terms of his own, `COMMISSION_PERCENT`.
    package init(
        _ settings: Settings, database: Database, invoices: Invoices, purposes: [any PaymentPurpose] = [],
        commissions: [String: CommissionPolicy], outbox: Outbox, jobs: Jobs, client: HTTPClient,
        cache: Cache, trail: MoneyTrail?, log: Log, clock: Clock = .system
    ) {
        let addresses = PublicAddresses(settings)
        let publicURL = addresses.server
        let sandbox: SandboxProvider? =
            settings[GeneralSettings.environment] == .production
            ? nil
            : SandboxProvider(
                database: database, secret: settings[PaymentSettings.sandboxSecret], publicURL: publicURL, clock: clock)
        let payments = Payments(
            database: database, invoices: invoices, purposes: purposes,
            providers: PaymentProviders(sandbox.map { [$0] } ?? [], database: database), commissions: commissions,
            followUp: PaymentFollowUp(events: outbox, jobs: jobs, log: log), cache: cache, clock: clock)
        let standard = settings[PaymentSettings.returnURL] ?? addresses.app
        self.init(
            payments,
            returns: ReturnAddresses(standard: standard, hosts: settings[PaymentSettings.returnHosts] + [publicURL, standard]),
            notifier: sandbox.map { SandboxNotifier($0, address: addresses.local, client: client) },
            trail: trail)
    }
}

extension Commission {
    /// The platform's share where a payee has no terms of his own.
    package static func standard(_ settings: Settings) -> Commission {
        Commission(fixed: 0, percent: Percent(settings[PaymentSettings.commissionPercent]) ?? 5)
    }
}
