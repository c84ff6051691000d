import HTTP
import JSON
import Service
import Values

/// What a provider answered, as JSON.
struct ProviderReply {
    let status: Int
    let json: JSONValue

    /// Throws `OutsideFailure.incomprehensible` for what is no JSON.
    init(_ response: ClientResponse) throws {
        status = response.status
        guard let json = try? JSONValue.decode(json: response.body) else {
            throw OutsideFailure.incomprehensible("answered \(response.status) without JSON")
        }
        self.json = json
    }

    var isSuccess: Bool { (200..<300).contains(status) }

    /// The member, which this provider always sends.
    func text(_ name: String) throws -> String { try json.text(name) }
}

extension JSONValue {
    func text(_ name: String) throws -> String {
        guard let text = self[name]?.string else { throw OutsideFailure.incomprehensible("answered without \(name)") }
        return text
    }

    /// Whole minor units.
    func minor(_ name: String) throws -> Int64 {
        guard let minor = self[name]?.number?.whole else {
            throw OutsideFailure.incomprehensible("answered without \(name)")
        }
        return minor
    }

    /// An amount in major units, spelled as a number or as text. Not one that the currency cannot have.
    func major(_ name: String, _ currency: Currency) throws -> Money {
        let number = self[name].flatMap { $0.number ?? $0.string.flatMap { DecimalNumber($0) } }
        guard let money = number?.money(currency) else { throw OutsideFailure.incomprehensible("answered without \(name)") }
        return money
    }

    func currency(_ name: String) throws -> Currency {
        guard let currency = Currency(try text(name).uppercased()) else {
            throw OutsideFailure.incomprehensible("answered without \(name)")
        }
        return currency
    }
}

extension Money {
    /// In major units with all decimals of the currency: `750.00`.
    var majorText: String { String(description.prefix { $0 != " " }) }
}

extension PaymentAttempt {
    /// The order, which an attempt has before anybody asks about it.
    func knownOrder() throws -> String {
        guard let orderID else { throw ProviderRefusal(code: "order_missing", reason: "no order was made") }
        return orderID
    }
}
