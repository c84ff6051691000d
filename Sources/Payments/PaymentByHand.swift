import JSON
import Postgres
import Service
import Values

/// Money that the office took without a provider.
struct PaymentByHand: Sendable {
    let reference = PaymentReference.new()
    let product: String
    let purpose: String
    let purposeID: UUID
    let scope: Scope
    let payee: Scope
    let amount: Money
    let method: HandMethod
    let outsideReference: String?
    let paidAt: Instant
    let description: String
    let recordedBy: UUID?
    /// `{"notes": …}`
    let metadata: JSONText
}

/// How money came without a provider.
package enum HandMethod: String, WireEnum {
    case cash, card
    case bankTransfer = "bank_transfer"
    case cheque, upi, other
}
