import HTTP
import JSON
import Service
import Values

/// RazorpayX: rupees to a bank account by its number and IFSC, in one request with the payee (composite API).
package struct RazorpayXTransfer: PayoutTransfer {
    package let name = "razorpayx"
    /// What IMPS carries at the most; NEFT carries any amount, within the bank's hours.
    private static let largestAtOnce: Int64 = 500_000_00

    private let api: OutsideHTTP
    private let accountNumber: String

    /// - Parameter accountNumber: the operator's own account at RazorpayX, from which money leaves.
    package init(keyID: String, secret: String, accountNumber: String, base: String, through parts: OutsideParts) {
        self.accountNumber = accountNumber
        api = OutsideHTTP(
            name, base: base, fields: [("Authorization", BasicCredentials.field(keyID, secret))], through: parts)
    }

    package func takes(_ currency: Currency, to account: PayoutAccount) -> Bool {
        currency == .inr && account.details.routing?.utf8.count == 11
    }

    package func transfer(_ payout: PayoutOrder) async throws -> PayoutAnswer {
        guard let account = payout.account, let routing = account.details.routing else {
            return .refused("The payee's account has no IFSC.")
        }
        let body: JSONValue = [
            "account_number": .string(accountNumber), "amount": .number("\(payout.amount.minor)"),
            "currency": .string(payout.amount.currency.code),
            "mode": payout.amount.minor <= Self.largestAtOnce ? "IMPS" : "NEFT", "purpose": "payout",
            "fund_account": [
                "account_type": "bank_account",
                "bank_account": [
                    "name": .string(account.holder), "ifsc": .string(routing), "account_number": .string(account.details.number),
                ],
                "contact": [
                    "name": .string(String(account.holder.prefix(50))), "type": "vendor",
                    "reference_id": .string(String((payout.payee.id?.description ?? "").prefix(40))),
                ],
            ],
            "queue_if_low_balance": true, "reference_id": .string(payout.number),
            "narration": .string(String(payout.number.map { $0.isLetter || $0.isNumber ? $0 : " " }.prefix(30))),
            "notes": ["payout_key": .string("\(payout.key)")],
        ]
        do {
            return try answer(
                try await ask(.post, "/payouts", body, fields: [("X-Payout-Idempotency", "\(payout.key)")]).json)
        } catch let refusal as ProviderRefusal {
            return .refused(refusal.reason)
        }
    }

    package func find(_ payout: PayoutOrder) async throws -> PayoutAnswer? {
        if let id = payout.providerID {
            return try answer(try await ask(.get, "/payouts/\(PercentEncoding.encode(id))").json)
        }
        let path =
            "/payouts?account_number=\(PercentEncoding.encode(accountNumber))"
            + "&reference_id=\(PercentEncoding.encode(payout.number))&count=100"
        let made = try await ask(.get, path).json["items"]?.array ?? []
        let key = "\(payout.key)"
        return try made.first { $0["notes"]?["payout_key"]?.string == key }.map(answer)
    }

    private func answer(_ payout: JSONValue) throws -> PayoutAnswer {
        let id = try payout.text("id")
        switch try payout.text("status") {
        case "processed": return .done(id)
        case "reversed", "failed", "rejected", "cancelled":
            let details = payout["status_details"]?["description"]?.string ?? payout["failure_reason"]?.string
            return .refused(details ?? "RazorpayX could not carry \(id) out.")
        default: return .pending(id)
        }
    }

    private func ask(
        _ method: Method, _ path: String, _ body: JSONValue? = nil, fields: [(name: String, value: String)] = []
    ) async throws -> ProviderReply {
        let response = try await api.send(method, path, fields: fields, body: body.map { .json($0) } ?? .none)
        let reply = try ProviderReply(response)
        if reply.isSuccess { return reply }
        // It is still working on the same request.
        if reply.status == 409 { throw OutsideFailure.unanswered("answered 409") }
        throw ProviderRefusal(
            code: reply.json["error"]?["code"]?.string ?? "\(reply.status)",
            reason: reply.json["error"]?["description"]?.string ?? "answered \(reply.status)")
    }
}
