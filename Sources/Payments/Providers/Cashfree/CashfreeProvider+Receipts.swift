import JSON
import Service
import Values

extension CashfreeProvider {
    /// Its events of money; refunds are events of their own, so what of a payment has gone back it does not say.
    package func receipts(from: Instant, to: Instant, after cursor: String?) async throws -> ReceiptPage? {
        let reply = try await ask(
            .post, "/recon",
            [
                "pagination": ["limit": 100, "cursor": cursor.map { .string($0) } ?? .null],
                "filters": ["start_date": .string("\(from)"), "end_date": .string("\(to)")],
            ]
        ).accepted()
        let events = reply.json["data"]?.array ?? []
        let receipts = try events.filter { $0["event_type"]?.string == "PAYMENT" && $0["event_status"]?.string == "SUCCESS" }
            .map { event in
                ProviderReceipt(
                    orderID: event["order_id"]?.string,
                    paymentID: event["cf_payment_id"].flatMap { $0.string ?? $0.number?.description },
                    amount: try event.major("event_amount", try event.currency("event_currency")), refunded: nil)
            }
        let next = reply.json["cursor"]?.string
        return ReceiptPage(receipts, next: events.count < 100 || next?.isEmpty != false ? nil : next)
    }
}
