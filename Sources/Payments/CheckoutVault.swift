import Crypto
import Values

/// Keeps what a checkout needs: sealed at rest, bound to its attempt.
struct CheckoutVault: Sendable {
    let ring: SealingRing

    func seal(_ checkout: Checkout, of attempt: ID<PaymentAttempt>) -> [UInt8] {
        ring.seal(checkout.jsonBytes, context: Self.context(attempt)).bytes
    }

    /// What nobody can open any more (the key was lost) is no checkout.
    func open(_ attempt: PaymentAttempt) -> Checkout {
        guard let sealed = attempt.checkout,
            let bytes = try? ring.open(Sealed(bytes: sealed), context: Self.context(attempt.id)),
            let checkout = try? Checkout.decode(json: bytes)
        else { return .none }
        return checkout
    }

    private static func context(_ attempt: ID<PaymentAttempt>) -> String { "payments.attempts.checkout_enc\u{1f}\(attempt)" }
}
