import HTTP
import JSON
import Service
import Values

/// Stripe: from the platform's balance to a payee's connected account, whose number is its `acct_…`. It is there at once.
package struct StripeTransfer: PayoutTransfer {
    package let name = "stripe"
    private let api: OutsideHTTP

    package init(secret: String, base: String, through parts: OutsideParts) {
        api = OutsideHTTP(
            "stripe_transfers", base: base,
            fields: [("Authorization", "Bearer \(secret)"), ("Stripe-Version", StripeProvider.version)], through: parts)
    }

    package func takes(_ currency: Currency, to account: PayoutAccount) -> Bool { account.details.number.hasPrefix("acct_") }

    package func transfer(_ payout: PayoutOrder) async throws -> PayoutAnswer {
        guard let account = payout.account else { return .refused("The payee has no account.") }
        let form: StripeForm = [
            ("amount", "\(payout.amount.minor)"), ("currency", payout.amount.currency.code.lowercased()),
            ("destination", account.details.number), ("transfer_group", "\(payout.key)"), ("description", payout.number),
        ]
        do {
            return try answer(try await ask(.post, "/transfers", form, key: "\(payout.key)").json)
        } catch let refusal as ProviderRefusal {
            return .refused(refusal.reason)
        }
    }

    /// By its group, which is no other's.
    package func find(_ payout: PayoutOrder) async throws -> PayoutAnswer? {
        try await ask(.get, "/transfers?transfer_group=\(payout.key)&limit=1").json["data"]?.array?.first.map(answer)
    }

    private func answer(_ transfer: JSONValue) throws -> PayoutAnswer {
        let id = try transfer.text("id")
        return transfer["reversed"]?.bool == true ? .refused("Stripe has taken \(id) back.") : .done(id)
    }

    private func ask(_ method: Method, _ path: String, _ form: StripeForm? = nil, key: String? = nil) async throws -> ProviderReply {
        let fields = key.map { [(name: "Idempotency-Key", value: $0)] } ?? []
        let reply = try ProviderReply(try await api.send(method, path, fields: fields, body: form.map { .form($0) } ?? .none))
        if reply.isSuccess { return reply }
        if reply.status == 409 { throw OutsideFailure.unanswered("answered 409") }
        throw ProviderRefusal(
            code: reply.json["error"]?["code"]?.string ?? "\(reply.status)",
            reason: reply.json["error"]?["message"]?.string ?? "answered \(reply.status)")
    }
}
