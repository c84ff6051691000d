import Values

/// A payment provider behind one small protocol: our own sandbox, or somebody else's service. None that
/// asks is called while a transaction waits for the answer (`PaymentProviders` sees to it).
///
/// Besides what each says, whatever asks throws `OutsideFailure` when the provider gave no answer that can be used, and
/// `ProviderRefusal` when it refuses.
package protocol PaymentProvider: Sendable {
    /// `sandbox`, `stripe`.
    var name: String { get }
    /// Real money moves.
    var isLive: Bool { get }
    /// What it charges where it does not say so itself.
    var tariff: ProviderTariff? { get }

    /// Whether a payment of this currency by this payer can go through it.
    func takes(_ currency: Currency, from payer: Payer) -> Bool

    /// Makes the order of an attempt, or finds it again by the attempt's key.
    func open(_ order: OrderRequest) async throws -> ProviderOrder
    /// Looks the order of an attempt up whose making was interrupted; nil when it is certain that there is none.
    func find(_ order: OrderRequest) async throws -> ProviderOrder?
    /// What became of the order: the one source of truth.
    func status(of attempt: PaymentAttempt) async throws -> ProviderReport
    /// Takes what is held for us, all of it or less. Once, however often it is said.
    func capture(_ amount: Money, of attempt: PaymentAttempt) async throws
    /// Takes back an order that nobody has paid; what it is afterwards.
    func cancel(_ attempt: PaymentAttempt) async throws -> ProviderAnswer
    /// Sends money back, once per key. Whatever it throws tells nothing: the money may be on its way.
    func refund(_ refund: RefundOrder) async throws -> RefundAnswer
    /// What became of a refund under its key; nil when the provider never heard of it.
    func find(_ refund: RefundOrder) async throws -> RefundAnswer?
    /// Checks a webhook on its raw body; throws `signature_invalid`.
    func read(_ webhook: RawWebhook, now: Instant) throws -> WebhookNotice
    /// What the payer's client says that it got at the checkout: whether the provider has signed it.
    func vouches(for proof: CheckoutProof, of attempt: PaymentAttempt) -> Bool
    /// What it has received for orders begun in a time, a page at a time; nil where it keeps no such list.
    func receipts(from: Instant, to: Instant, after cursor: String?) async throws -> ReceiptPage?
    /// What clients need to know of it; nothing secret.
    var publicKey: String? { get }
    /// How long its orders can be paid, where that is its own to say.
    var lifetime: Duration? { get }
    /// Whether a part of a payment can go back.
    var refundsParts: Bool { get }
    /// Whether less can be taken than is held.
    var capturesParts: Bool { get }
    /// Among what a payer may choose beforehand, in its own words; empty where it asks him itself.
    var methods: Set<String> { get }
    /// Asks something that only our own account is answered, and that changes nothing.
    func probe() async throws
}

extension PaymentProvider {
    package var tariff: ProviderTariff? { nil }
    package var publicKey: String? { nil }
    package var lifetime: Duration? { nil }
    package var refundsParts: Bool { true }
    package var capturesParts: Bool { true }
    package var methods: Set<String> { [] }
    package func probe() async throws {}

    package func takes(_ currency: Currency, from payer: Payer) -> Bool { true }

    package func receipts(from: Instant, to: Instant, after cursor: String?) async throws -> ReceiptPage? { nil }

    /// Where nothing is held, nothing is taken.
    package func capture(_ amount: Money, of attempt: PaymentAttempt) async throws {}

    /// Those that sign nothing at the checkout are asked anyway.
    package func vouches(for proof: CheckoutProof, of attempt: PaymentAttempt) -> Bool {
        proof.orderID == nil || proof.orderID == attempt.orderID
    }
}
