import Postgres
import Service
import Synchronization
import Values

/// The providers that are set up. Without any, nothing can be paid online.
package final class PaymentProviders: Sendable {
    private struct Known {
        var all: [OutsideProvider]
        /// Those that take no new payments; what was begun with them goes on.
        var withdrawn: Set<String>
    }

    private let known: Mutex<Known>
    private let routing: PaymentRouting
    private let database: Database

    package init(
        _ all: [any PaymentProvider], besides withdrawn: Set<String> = [], routing: PaymentRouting = PaymentRouting(),
        database: Database
    ) {
        self.routing = routing
        self.database = database
        known = Mutex(
            Known(all: all.map { OutsideProvider(provider: $0, database: database) }, withdrawn: withdrawn))
    }

    /// Others take their place from now on, for what has been begun too: they are the same houses with other keys.
    package func use(_ all: [any PaymentProvider], besides withdrawn: Set<String>) {
        let providers = all.map { OutsideProvider(provider: $0, database: database) }
        known.withLock { $0 = Known(all: providers, withdrawn: withdrawn) }
    }

    private var all: [OutsideProvider] { known.withLock { $0.all } }

    /// By which providers a payment may go, the best first: the one asked for, else those of its currency.
    ///
    /// Throws `payments_not_configured` when there is none.
    func route(
        _ amount: Money, through narrowed: [String]?, asked name: String?, from payer: Payer
    ) throws -> [any PaymentProvider] {
        let able = offered.filter { $0.takes(amount.currency, from: payer) && narrowed?.contains($0.name) != false }
        if let name {
            guard let provider = able.first(where: { $0.name == name }) else {
                throw PaymentProblem.paymentsNotConfigured.on("provider")
            }
            return [provider]
        }
        let wanted = (narrowed ?? routing.route(amount)).compactMap { name in able.first { $0.name == name } }
        // Where no provider of the currency is set up, our own sandbox stands in, if there is one.
        let route = wanted.isEmpty ? able.filter { $0.name == SandboxProvider.name } : wanted
        if route.isEmpty { throw PaymentProblem.paymentsNotConfigured }
        return route
    }

    private var offered: [OutsideProvider] {
        known.withLock { known in known.all.filter { !known.withdrawn.contains($0.name) } }
    }

    /// The provider that a stored order names.
    func named(_ name: String) throws -> any PaymentProvider {
        guard let provider = all.first(where: { $0.name == name }) else { throw PaymentProblem.providerUnavailable }
        return provider
    }

    /// The provider, if payers can save there what they pay by.
    func keeper(_ name: String) -> (any MethodKeeper)? {
        all.first { $0.name == name }?.provider as? any MethodKeeper
    }

    /// Telegram's Stars, where a bot is set up.
    var stars: StarsProvider? { all.lazy.compactMap { $0.provider as? StarsProvider }.first }

    /// All that are set up.
    package var names: [String] { all.map(\.name) }

    /// Asks one something that only our own account is answered. Throws what it says against us.
    package func probe(_ name: String) async throws { try await named(name).probe() }

    /// What clients may know of those that take a currency.
    func publicKeys(for currency: Currency) -> [(name: String, key: String?)] {
        let payer = Payer(id: nil, name: "x", email: "x", phone: "x")
        return offered.filter { $0.takes(currency, from: payer) }.map { ($0.name, $0.publicKey) }
    }

    /// Up to how much of INR the first of two providers is the cheaper one.
    var breakEven: Money { routing.breakEven }
}

/// Every call of a provider goes through here; none while a transaction waits for its answer.
private struct OutsideProvider: PaymentProvider {
    let provider: any PaymentProvider
    let database: Database

    var name: String { provider.name }
    var isLive: Bool { provider.isLive }
    var tariff: ProviderTariff? { provider.tariff }
    var publicKey: String? { provider.publicKey }
    var lifetime: Duration? { provider.lifetime }
    var refundsParts: Bool { provider.refundsParts }
    var methods: Set<String> { provider.methods }
    var capturesParts: Bool { provider.capturesParts }

    func takes(_ currency: Currency, from payer: Payer) -> Bool { provider.takes(currency, from: payer) }

    func open(_ order: OrderRequest) async throws -> ProviderOrder { try await reached().open(order) }

    func find(_ order: OrderRequest) async throws -> ProviderOrder? { try await reached().find(order) }

    func status(of attempt: PaymentAttempt) async throws -> ProviderReport { try await reached().status(of: attempt) }

    func capture(_ amount: Money, of attempt: PaymentAttempt) async throws {
        try await reached().capture(amount, of: attempt)
    }

    func cancel(_ attempt: PaymentAttempt) async throws -> ProviderAnswer { try await reached().cancel(attempt) }

    func refund(_ refund: RefundOrder) async throws -> RefundAnswer { try await reached().refund(refund) }

    func find(_ refund: RefundOrder) async throws -> RefundAnswer? { try await reached().find(refund) }

    func receipts(from: Instant, to: Instant, after cursor: String?) async throws -> ReceiptPage? {
        try await reached().receipts(from: from, to: to, after: cursor)
    }

    func probe() async throws { try await reached().probe() }

    /// Asks nobody.
    func read(_ webhook: RawWebhook, now: Instant) throws -> WebhookNotice { try provider.read(webhook, now: now) }

    func vouches(for proof: CheckoutProof, of attempt: PaymentAttempt) -> Bool {
        provider.vouches(for: proof, of: attempt)
    }

    private func reached() throws -> any PaymentProvider {
        if database.isInTransaction { throw AskedInTransaction() }
        return provider
    }
}
