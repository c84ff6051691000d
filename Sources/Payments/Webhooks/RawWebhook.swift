import Values

/// A webhook as it came, before anything in it is believed.
package struct RawWebhook: Sendable {
    package let body: [UInt8]
    /// Values of its fields, by name in lower case.
    package let fields: [String: String]
    /// Whom it came from, seen through trusted proxies.
    package let address: String

    package init(body: [UInt8], fields: [String: String], address: String = "") {
        self.body = body
        self.fields = fields
        self.address = address
    }
}

/// What a genuine webhook is about. Only a reason to ask the provider: its content grants nothing.
package struct WebhookNotice: Equatable, Sendable {
    package enum Subject: Equatable, Sendable {
        /// The provider's order, or its payment.
        case order(String)
        /// Our payment, as we told the provider.
        case payment(ID<Payment>)
        /// A refund, by the key we gave or the provider's id.
        case refund(String)
    }

    package let eventID: String
    package let type: String
    /// Nil for what is of no interest to us.
    package let subject: Subject?

    package init(eventID: String, type: String, subject: Subject?) {
        self.eventID = String(eventID.prefix(255))
        self.type = String(type.prefix(120))
        self.subject = subject
    }
}
