import Postgres
import Service
import Values

/// The providers that are set up. Without any, nothing can be paid online.
package struct PaymentProviders: Sendable {
    private let all: [OutsideProvider]

    package init(_ all: [any PaymentProvider], database: Database) {
        self.all = all.map { OutsideProvider(provider: $0, database: database) }
    }

    /// The provider asked for, else the first.
    func choose(_ name: String?, for currency: Currency) throws -> any PaymentProvider {
        if let name {
            guard let provider = all.first(where: { $0.name == name }) else {
                throw PaymentProblem.paymentsNotConfigured.on("provider")
            }
            return provider
        }
        guard let provider = all.first else { throw PaymentProblem.paymentsNotConfigured }
        return provider
    }

    /// The provider that a stored order names.
    func named(_ name: String) throws -> any PaymentProvider {
        guard let provider = all.first(where: { $0.name == name }) else { throw PaymentProblem.providerUnavailable }
        return provider
    }
}

/// A mistake of the program: what a provider has done would not be undone with the transaction, and its connection would be
/// held until he answers.
struct AskedInTransaction: Error {}

/// Every call of a provider goes through here; none while a transaction waits for its answer.
private struct OutsideProvider: PaymentProvider {
    let provider: any PaymentProvider
    let database: Database

    var name: String { provider.name }
    var isLive: Bool { provider.isLive }

    func open(_ attempt: PaymentAttempt, of payment: Payment) async throws -> ProviderOrder {
        try await reached().open(attempt, of: payment)
    }

    func status(of attempt: PaymentAttempt) async throws -> ProviderAnswer { try await reached().status(of: attempt) }

    func cancel(_ attempt: PaymentAttempt) async throws -> ProviderAnswer { try await reached().cancel(attempt) }

    func refund(_ amount: Money, of attempt: PaymentAttempt, key: UUID) async throws -> RefundAnswer {
        try await reached().refund(amount, of: attempt, key: key)
    }

    /// Asks nobody.
    func read(_ webhook: RawWebhook, now: Instant) throws -> WebhookNotice { try provider.read(webhook, now: now) }

    private func reached() throws -> any PaymentProvider {
        if database.isInTransaction { throw AskedInTransaction() }
        return provider
    }
}
