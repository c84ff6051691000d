import JSON
import Postgres
import Values

/// Telegram asks, while the payer waits, whether an invoice may be paid now. An answer is due within ten seconds.
struct PreCheckoutQuery {
    let id: String
    let currency: String
    let amount: Int
    let payload: String

    init(id: String, currency: String, amount: Int, payload: String) {
        self.id = id
        self.currency = currency
        self.amount = amount
        self.payload = payload
    }

    /// Nil for what is none.
    init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, (1...64).contains(id.utf8.count), let currency = json["currency"]?.string,
            let amount = json["total_amount"]?.int, let payload = json["invoice_payload"]?.string
        else { return nil }
        self.init(id: id, currency: currency, amount: amount, payload: payload)
    }
}

/// Why an invoice may not be paid now, in words for the payer.
enum PreCheckoutRefusal: String {
    case unknown = "This invoice is not known here. Please ask for a new one."
    case wrongAmount = "This is not what the invoice asks for. Please ask for a new one."
    case paid = "This has been paid already."
    case over = "This invoice has expired. Please ask for a new one."
    case taken = "Somebody is paying this right now. Please look again in a minute."
}

extension PreCheckoutRefusal: Row {
    /// Whether it is paid, whether it can still be, and whether the number of Stars is right.
    init(_ row: inout RowReader) throws {
        let isPaid: Bool = try row.next()
        let isOpen: Bool = try row.next()
        let isExact: Bool = try row.next()
        self = isPaid ? .paid : !isExact ? .wrongAmount : isOpen ? .taken : .over
    }
}
