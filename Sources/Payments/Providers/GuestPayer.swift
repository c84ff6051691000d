import JSON

/// What is known of somebody who pays without an account.
package struct GuestPayer: Shaped, Equatable {
    package let name: String?
    package let email: String?
    package let phone: String?

    package init(name: String?, email: String? = nil, phone: String? = nil) {
        self.name = name
        self.email = email
        self.phone = phone
    }

    package static let shape = Shape<GuestPayer>(
        "GuestPayer", Self.init(name:email:phone:),
        Field("name", { $0.name }, .length(1...200)),
        Field("email", { $0.email }, .length(3...254)),
        Field("phone", { $0.phone }, .length(3...16)))

    /// As a provider is told.
    var payer: Payer { Payer(id: nil, name: name, email: email, phone: phone) }
}
