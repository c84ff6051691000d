import JSON
import Service
import Values

extension StripeProvider {
    package func receipts(from: Instant, to: Instant, after cursor: String?) async throws -> ReceiptPage? {
        var path = "/payment_intents?limit=100&created[gte]=\(from.seconds)&created[lt]=\(to.seconds)&expand[]=data.latest_charge"
        if let cursor { path += "&starting_after=\(PercentEncoding.encode(cursor))" }
        let reply = try await ask(.get, path)
        let intents = reply.json["data"]?.array ?? []
        let receipts = try intents.filter { $0["status"]?.string == "succeeded" }.map { intent in
            let amount = Money(minor: try intent.minor("amount_received"), currency: try intent.currency("currency"))
            let id = try intent.text("id")
            return ProviderReceipt(
                orderID: id, paymentID: id, amount: amount,
                refunded: intent["latest_charge"]?["amount_refunded"]?.number?.whole)
        }
        return ReceiptPage(receipts, next: reply.json["has_more"]?.bool == true ? intents.last?["id"]?.string : nil)
    }
}

extension Instant {
    /// Since 1970, whole.
    var seconds: Int64 { microseconds / 1_000_000 }
}
