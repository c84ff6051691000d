import HTTP
import JSON
import Service
import Values

/// Payouts of YooKassa: roubles to a bank card or a wallet of YooMoney, from a gateway of its own.
package struct YooKassaTransfer: PayoutTransfer {
    package let name = "yookassa"
    private let api: OutsideHTTP

    /// - Parameters:
    ///   - agentID, secret: of the gateway for payouts, which are not those of the shop.
    package init(agentID: String, secret: String, base: String, through parts: OutsideParts) {
        api = OutsideHTTP(
            "yookassa_payouts", base: base, fields: [("Authorization", BasicCredentials.field(agentID, secret))],
            through: parts)
    }

    package func takes(_ currency: Currency, to account: PayoutAccount) -> Bool {
        currency == .rub && Self.destination(account.details) != nil
    }

    package func transfer(_ payout: PayoutOrder) async throws -> PayoutAnswer {
        guard let destination = (payout.account?.details).flatMap(Self.destination) else {
            return .refused("The payee's account is neither a card nor a wallet of YooMoney.")
        }
        let body: JSONValue = [
            "amount": ["value": .string(payout.amount.majorText), "currency": .string(payout.amount.currency.code)],
            "payout_destination_data": destination, "description": .string(payout.number),
            "metadata": ["payout_key": .string("\(payout.key)")],
        ]
        do {
            return try answer(try await ask(.post, "/payouts", body, key: "\(payout.key)").json)
        } catch let refusal as ProviderRefusal {
            return .refused(refusal.reason)
        }
    }

    /// The same key brings the same payout, as long as YooKassa knows it; then the list of payouts.
    package func find(_ payout: PayoutOrder) async throws -> PayoutAnswer? {
        if let id = payout.providerID {
            return try answer(try await ask(.get, "/payouts/\(PercentEncoding.encode(id))").json)
        }
        let key = "\(payout.key)"
        var cursor: String?
        for _ in 0..<50 {
            let path = "/payouts?limit=100" + (cursor.map { "&cursor=\(PercentEncoding.encode($0))" } ?? "")
            let list = try await ask(.get, path).json
            if let made = list["items"]?.array?.first(where: { $0["metadata"]?["payout_key"]?.string == key }) {
                return try answer(made)
            }
            cursor = list["next_cursor"]?.string
            if cursor == nil { return nil }
        }
        throw OutsideFailure.incomprehensible("too many payouts to look through")
    }

    /// A card has 13 to 19 digits with a check digit (ISO/IEC 7812); a wallet begins with 4100 and has 11 to 20.
    private static func destination(_ details: PayoutDetails) -> JSONValue? {
        let digits = details.number.utf8.compactMap { (48...57).contains($0) ? Int($0) - 48 : nil }
        guard details.routing == nil, digits.count == details.number.utf8.count else { return nil }
        if details.number.hasPrefix("4100"), (11...20).contains(digits.count) {
            return ["type": "yoo_money", "account_number": .string(details.number)]
        }
        guard (13...19).contains(digits.count) else { return nil }
        let sum = digits.reversed().enumerated().reduce(0) { sum, digit in
            let double = digit.element * 2
            return sum + (digit.offset % 2 == 0 ? digit.element : double > 9 ? double - 9 : double)
        }
        return sum % 10 == 0 ? ["type": "bank_card", "card": ["number": .string(details.number)]] : nil
    }

    private func answer(_ payout: JSONValue) throws -> PayoutAnswer {
        let id = try payout.text("id")
        switch try payout.text("status") {
        case "succeeded": return .done(id)
        case "canceled":
            return .refused(payout["cancellation_details"]?["reason"]?.string ?? "YooKassa could not carry \(id) out.")
        default: return .pending(id)
        }
    }

    private func ask(_ method: Method, _ path: String, _ body: JSONValue? = nil, key: String? = nil) async throws -> ProviderReply {
        let fields = key.map { [(name: "Idempotence-Key", value: $0)] } ?? []
        let reply = try ProviderReply(try await api.send(method, path, fields: fields, body: body.map { .json($0) } ?? .none))
        if reply.isSuccess { return reply }
        throw ProviderRefusal(
            code: reply.json["code"]?.string ?? "\(reply.status)",
            reason: reply.json["description"]?.string ?? "answered \(reply.status)")
    }
}
