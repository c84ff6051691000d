import Cache
import Crypto
import HTTP
import Invoices
import Jobs
import Notifications
import Postgres
import Print
import Service
import Telemetry
import Values

extension PaymentsModule {
    /// The module as the settings have it. In production there is no sandbox, and while no other provider is set up nothing
    /// can be paid online there.
    ///
    /// - Parameters:
    ///   - payees: whom the platform pays out.
    ///   - people: who looks after the money of a payee.
    ///   - credits: from where short messages of scopes are paid.
    ///   - commissions: by product; where a product's payee has no terms of his own, `COMMISSION_PERCENT`.
    package init(
        _ live: LiveSettings, database: Database, invoices: Invoices, purposes: [any PaymentPurpose] = [],
        commissions: [String: CommissionPolicy], payees: [PayeeKind], outbox: Outbox, jobs: Jobs, client: HTTPClient,
        cache: Cache, metrics: MetricRegistry, ring: SealingRing, trail: MoneyTrail?, printer: Printer? = nil,
        notifications: Notifications? = nil, people: @escaping PayoutPeople = { _ in [] },
        credits: CreditWallets? = nil, log: Log, clock: Clock = .system
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
        let stars = ProviderSettings.stars(live, through: parts)
        let own: [any PaymentProvider] = (stars.map { [$0] } ?? []) + (sandbox.map { [$0] } ?? [])
        let providers = PaymentProviders(
            ProviderSettings.providers(live.settings, through: parts) + own, besides: ProviderSettings.withdrawn(live.settings),
            routing: PaymentRouting(live), database: database)
        let payments = Payments(
            database: database, invoices: invoices, purposes: purposes, providers: providers,
            commissions: commissions, followUp: PaymentFollowUp(events: outbox, jobs: jobs, log: log), cache: cache,
            ring: ring, publicURL: publicURL, terms: { PaymentTerms(live.settings) }, clock: clock)
        let standard = settings[PaymentSettings.returnURL] ?? addresses.app
        let transfers = PayoutTransfers(
            providers: ProviderSettings.transfers(live.settings, through: parts), mode: settings[PaymentSettings.payoutMode])
        let payouts = Payouts(
            ledger: payments.ledger, kinds: payees, transfers: transfers, ring: ring, followUp: payments.followUp)
        live.watch(.payments) { settings in
            providers.use(
                ProviderSettings.providers(settings, through: parts) + own, besides: ProviderSettings.withdrawn(settings))
            transfers.use(ProviderSettings.transfers(settings, through: parts))
        }
        self.init(
            payments, payouts: payouts,
            returns: ReturnAddresses(
                standard: standard, hosts: [publicURL, standard], more: { live[PaymentSettings.returnHosts] }),
            notifier: sandbox.map { SandboxNotifier($0, address: addresses.local, client: client) },
            trail: trail, printer: printer, notifications: notifications, payees: people,
            credits: credits)
    }
}

extension PaymentRouting {
    fileprivate init(_ live: LiveSettings) {
        self.init {
            DecimalNumber(live[PaymentSettings.breakEven])?.money(.inr) ?? Money(minor: 600_00, currency: .inr)
        }
    }
}

extension PaymentTerms {
    fileprivate init(_ settings: Settings) {
        self.init()
        refundWindow = .days(settings[PaymentSettings.refundWindow])
        lifetime = .minutes(settings[PaymentSettings.lifetime])
        autoApproved = DecimalNumber(settings[PaymentSettings.refundAutoApprove]) ?? 0
    }
}

extension PayeeKind {
    /// Payees whose money stays and gathers as the operator has decided.
    package init(_ type: ScopeType, product: String, _ live: LiveSettings) {
        self.init(type, product: product) {
            var terms = PayoutTerms()
            terms.hold = .days(live[PaymentSettings.payoutHold])
            terms.minimum = DecimalNumber(live[PaymentSettings.payoutMinimum]) ?? terms.minimum
            terms.secondApprovalAbove = live[PaymentSettings.payoutSecondApproval].flatMap { DecimalNumber($0) }
            return terms
        }
    }
}

extension Commission {
    /// The platform's share where a payee has no terms of his own.
    package static func standard(_ settings: Settings) -> Commission {
        Commission(fixed: 0, percent: Percent(settings[PaymentSettings.commissionPercent]) ?? 5)
    }
}
