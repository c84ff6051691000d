import Service
import Synchronization
import Values

/// How payouts leave while nobody says otherwise (`PAYOUT_MODE`).
package enum PayoutMode: String, SettingValue, CaseIterable {
    /// The operator pays from his bank.
    case manual
    /// A provider, where one can bring it there.
    case provider
}

/// Those who transfer: the operator himself, and the providers that are set up for it.
package final class PayoutTransfers: Sendable {
    let manual: any PayoutTransfer
    private let known: Mutex<[any PayoutTransfer]>
    let mode: PayoutMode

    package init(
        manual: any PayoutTransfer = ManualTransfer(), providers: [any PayoutTransfer] = [], mode: PayoutMode = .manual
    ) {
        self.manual = manual
        known = Mutex(providers)
        self.mode = mode
    }

    /// Others take their place from now on: the same houses with other keys.
    func use(_ providers: [any PayoutTransfer]) { known.withLock { $0 = providers } }

    private var providers: [any PayoutTransfer] { known.withLock { $0 } }

    /// The provider that can bring it there; nil for none.
    func provider(of currency: Currency, to account: PayoutAccount) -> (any PayoutTransfer)? {
        providers.first { $0.takes(currency, to: account) }
    }

    /// Whom a payout was given to.
    func named(_ name: String?) throws -> any PayoutTransfer {
        guard let name, name != manual.name else { return manual }
        guard let provider = providers.first(where: { $0.name == name }) else { throw PaymentProblem.paymentsNotConfigured }
        return provider
    }
}
