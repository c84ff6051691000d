import Service
import Values

/// The providers that are set up. Without any, nothing can be paid online.
package struct PaymentProviders: Sendable {
    private let all: [any PaymentProvider]

    package init(_ all: [any PaymentProvider]) { self.all = all }

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
