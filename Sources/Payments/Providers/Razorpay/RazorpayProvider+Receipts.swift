import JSON
import Service
import Values

extension RazorpayProvider {
    package func receipts(from: Instant, to: Instant, after cursor: String?) async throws -> ReceiptPage? {
        let skipped = cursor.flatMap { Int($0) } ?? 0
        let path = "/payments?from=\(from.seconds)&to=\(to.seconds)&count=100&skip=\(skipped)"
        let payments = try await ask(.get, path).json["items"]?.array ?? []
        let receipts = try payments.filter { ["captured", "refunded"].contains($0["status"]?.string) }.map { payment in
            ProviderReceipt(
                orderID: payment["order_id"]?.string, paymentID: try payment.text("id"),
                amount: Money(minor: try payment.minor("amount"), currency: try payment.currency("currency")),
                refunded: payment["amount_refunded"]?.number?.whole)
        }
        return ReceiptPage(receipts, next: payments.count == 100 ? "\(skipped + 100)" : nil)
    }
}
