import JSON
import Service
import Values

/// An entry of a bot's list of transactions, as far as it is a user's payment of an invoice, or goes back to him.
struct StarMovement {
    enum Kind: String, CaseIterable { case payment, refund }

    let kind: Kind
    let chargeID: String
    let userID: Int
    let payload: String?
    let stars: Int
    let at: Instant

    /// Nil for what has nothing to do with invoices: withdrawals, gifts, advertising.
    ///
    /// Throws `OutsideFailure.incomprehensible` for what is no transaction.
    init?(_ json: JSONValue) throws {
        chargeID = try json.text("id")
        guard let stars = json["amount"]?.int, let seconds = json["date"]?.number?.whole else {
            throw OutsideFailure.incomprehensible("a transaction without amount or date")
        }
        self.stars = stars
        at = Instant(secondsSince1970: seconds)
        // Of an incoming one there is a source, of an outgoing one a receiver.
        guard let partner = json["source"] ?? json["receiver"], partner["type"]?.string == "user",
            let user = partner["user"]?["id"]?.int,
            partner["transaction_type"].map({ $0.string == "invoice_payment" }) ?? true
        else { return nil }
        kind = json["source"] == nil ? .refund : .payment
        userID = user
        payload = partner["invoice_payload"]?.string
    }
}
