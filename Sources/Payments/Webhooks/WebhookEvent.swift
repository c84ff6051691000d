import Postgres
import Values

/// What a provider told us, as it lies in the inbox.
struct WebhookEvent: Row {
    enum Status: String, CaseIterable { case received, processed, ignored, failed }

    let id: ID<WebhookEvent>
    let provider: String
    let type: String
    let subject: WebhookNotice.Subject?
    let status: Status

    /// A payer contests a payment, or does not any more and the money is ours again, in each provider's words.
    var dispute: Dispute? {
        switch type {
        case "charge.dispute.created", "payment.dispute.created", "DISPUTE_CREATED": .begun
        case "charge.dispute.funds_reinstated", "payment.dispute.won": .won
        default: nil
        }
    }

    enum Dispute { case begun, won }

    init(_ row: inout RowReader) throws {
        id = try row.next()
        provider = try row.next()
        type = try row.next()
        let kind: String = try row.next()
        let object: String? = try row.next()
        subject = object.flatMap { WebhookNotice.Subject(kind: kind, object: $0) }
        status = try row.next()
    }
}

extension WebhookNotice.Subject {
    /// As the inbox keeps it.
    var kind: String {
        switch self {
        case .order: "order"
        case .payment: "payment"
        case .refund: "refund"
        }
    }

    var object: String {
        switch self {
        case .order(let id), .refund(let id): id
        case .payment(let id): id.description
        }
    }

    init?(kind: String, object: String) {
        switch kind {
        case "order": self = .order(object)
        case "refund": self = .refund(object)
        case "payment":
            guard let id = ID<Payment>(object) else { return nil }
            self = .payment(id)
        default: return nil
        }
    }
}
