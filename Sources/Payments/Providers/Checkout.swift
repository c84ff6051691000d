import JSON

/// How the payer goes on at the provider. Holds secrets of the payer's client: kept sealed, shown to who may see the payment.
package struct Checkout: Shaped {
    package enum Kind: String, WireEnum {
        case redirect
        case clientSecret = "client_secret"
        case order
        case invoiceLink = "invoice_link"
        case none
    }

    package let kind: Kind
    package var url: String?
    package var clientSecret: String?
    package var publishableKey: String?
    package var keyID: String?
    package var orderID: String?
    package var token: String?

    private init(
        kind: Kind, url: String?, clientSecret: String?, publishableKey: String?, keyID: String?, orderID: String?,
        token: String?
    ) {
        self.kind = kind
        self.url = url
        self.clientSecret = clientSecret
        self.publishableKey = publishableKey
        self.keyID = keyID
        self.orderID = orderID
        self.token = token
    }

    private init(_ kind: Kind) {
        self.init(
            kind: kind, url: nil, clientSecret: nil, publishableKey: nil, keyID: nil, orderID: nil, token: nil)
    }

    package static let none = Checkout(.none)

    /// A page of the provider's.
    package static func redirect(_ url: String) -> Checkout { Checkout(.redirect).with { $0.url = url } }

    /// A link that a messenger opens.
    package static func invoiceLink(_ url: String) -> Checkout { Checkout(.invoiceLink).with { $0.url = url } }

    /// The provider's own elements in our page.
    package static func clientSecret(_ secret: String, publishableKey: String) -> Checkout {
        Checkout(.clientSecret).with {
            $0.clientSecret = secret
            $0.publishableKey = publishableKey
        }
    }

    /// The provider's own script, told which order.
    package static func order(_ id: String, keyID: String? = nil, token: String? = nil) -> Checkout {
        Checkout(.order).with {
            $0.orderID = id
            $0.keyID = keyID
            $0.token = token
        }
    }

    private func with(_ change: (inout Checkout) -> Void) -> Checkout {
        var copy = self
        change(&copy)
        return copy
    }

    package static let shape = Shape<Checkout>(
        "StoredCheckout", Self.init(kind:url:clientSecret:publishableKey:keyID:orderID:token:),
        Field("kind", { $0.kind }),
        Field("url", { $0.url }, .length(1...2000)),
        Field("clientSecret", { $0.clientSecret }, .length(1...500)),
        Field("publishableKey", { $0.publishableKey }, .length(1...255)),
        Field("keyId", { $0.keyID }, .length(1...255)),
        Field("orderId", { $0.orderID }, .length(1...255)),
        Field("token", { $0.token }, .length(1...2000)))
}
