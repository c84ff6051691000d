import Cache
import Crypto
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
    ///   - payees: whom the platform pays out.
    ///   - commissions: by product; where a product's payee has no terms of his own, `COMMISSION_PERCENT`.
    package init(
        _ live: LiveSettings, database: Database, invoices: Invoices, purposes: [any PaymentPurpose] = [],
        commissions: [String: CommissionPolicy], payees: [PayeeKind], outbox: Outbox, jobs: Jobs, client: HTTPClient,
        cache: Cache, metrics: MetricRegistry, ring: SealingRing, trail: MoneyTrail?, log: Log, clock: Clock = .system
    ) {
        let settings = live.start
        let addresses = PublicAddresses(settings)
        let publicURL = addresses.server
        let sandbox: SandboxProvider? =
            settings[GeneralSettings.environment] == .production
            ? nil
            : SandboxProvider(
                database: database, secret: settings[PaymentSettings.sandboxSecret], publicURL: publicURL, clock: clock)
        let parts = OutsideParts(client: client, database: database, clock: clock, metrics: metrics, log: log)
        let outside = ProviderSettings.providers(live, through: parts)
        let payments = Payments(
            database: database, invoices: invoices, purposes: purposes,
            providers: PaymentProviders(
                outside + (sandbox.map { [$0] } ?? []), routing: PaymentRouting(settings), database: database),
            commissions: commissions, followUp: PaymentFollowUp(events: outbox, jobs: jobs, log: log), cache: cache,
            ring: ring, publicURL: publicURL, terms: PaymentTerms(settings), clock: clock)
        let standard = settings[PaymentSettings.returnURL] ?? addresses.app
        let payouts = Payouts(ledger: payments.ledger, kinds: payees, ring: ring, followUp: payments.followUp)
        self.init(
            payments, payouts: payouts,
            returns: ReturnAddresses(
                standard: standard, hosts: [publicURL, standard], more: { live[PaymentSettings.returnHosts] }),
            notifier: sandbox.map { SandboxNotifier($0, address: addresses.local, client: client) },
            trail: trail)
    }
}

extension PaymentRouting {
    fileprivate init(_ settings: Settings) {
        let amount = DecimalNumber(settings[PaymentSettings.breakEven])?.money(.inr)
        self.init(breakEven: amount ?? Money(minor: 600_00, currency: .inr))
    }
}

extension PaymentTerms {
    fileprivate init(_ settings: Settings) {
        self.init()
        refundWindow = .days(settings[PaymentSettings.refundWindow])
        autoApproved = DecimalNumber(settings[PaymentSettings.refundAutoApprove]) ?? 0
    }
}

extension PayeeKind {
    /// Payees whose money stays and gathers as the operator has decided.
    package init(_ type: ScopeType, product: String, _ settings: Settings) {
        self.init(
            type, product: product, hold: .days(settings[PaymentSettings.payoutHold]),
            minimum: DecimalNumber(settings[PaymentSettings.payoutMinimum]) ?? 1000)
    }
}

extension Commission {
    /// The platform's share where a payee has no terms of his own.
    package static func standard(_ settings: Settings) -> Commission {
        Commission(fixed: 0, percent: Percent(settings[PaymentSettings.commissionPercent]) ?? 5)
    }
}
