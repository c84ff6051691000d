import JSON
import Service
import Values

extension YooKassaProvider {
    package func receipts(from: Instant, to: Instant, after cursor: String?) async throws -> ReceiptPage? {
        var path = "/payments?status=succeeded&limit=100"
        path += "&created_at.gte=\(PercentEncoding.encode("\(from)"))&created_at.lt=\(PercentEncoding.encode("\(to)"))"
        if let cursor { path += "&cursor=\(PercentEncoding.encode(cursor))" }
        let reply = try await ask(.get, path)
        let receipts = try (reply.json["items"]?.array ?? []).map { payment in
            guard let amount = payment["amount"] else { throw OutsideFailure.incomprehensible("answered without amount") }
            let paid = try amount.major("value", try amount.currency("currency"))
            let refunded = try payment["refunded_amount"].map { try $0.major("value", paid.currency).minor }
            let id = try payment.text("id")
            return ProviderReceipt(orderID: id, paymentID: id, amount: paid, refunded: refunded ?? 0)
        }
        return ReceiptPage(receipts, next: reply.json["next_cursor"]?.string)
    }
}
