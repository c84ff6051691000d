import Invoices
import JSON
import Values

/// One of the things that a payment is for, and how much of it.
package struct PaymentPart: Shaped, Equatable {
    package let object: UUID
    /// In minor units.
    package let amount: Int64

    package init(object: UUID, amount: Int64) {
        self.object = object
        self.amount = amount
    }

    /// As it is stored.
    package static let shape = Shape<PaymentPart>(
        "StoredPaymentPart", Self.init(object:amount:), Field("object", { $0.object }), Field("amount", { $0.amount }))
}

/// As it is shown.
struct PaymentPartView: WireOutput {
    let part: PaymentPart
    let currency: Currency

    static let shape = Shape<PaymentPartView>(
        output: "PaymentPart",
        Field("object", { $0.part.object }), Field("amount", { Amount($0.part.amount, $0.currency) }))
}
