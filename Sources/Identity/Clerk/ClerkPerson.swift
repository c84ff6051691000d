import JSON
import Values

/// Somebody as Clerk describes him. Of his addresses only the first ones, and those only when they are proved there.
struct ClerkPerson: Equatable, Sendable {
    /// `user_…`
    let subject: String
    var profile = ClerkProfile()
    /// `en-US` …
    var language: String?
    /// When Clerk last changed any of it; nil where nobody has asked it.
    var updatedAt: Instant?

    init(subject: String) { self.subject = subject }

    /// Clerk's object `user`. Nil for what is none.
    init?(json: JSONValue) {
        guard let subject = json["id"]?.string, ClerkClaims.isPerson(subject) else { return nil }
        self.init(subject: subject)
        profile = ClerkProfile(
            firstName: json["first_name"]?.string.flatMap(Self.name), lastName: json["last_name"]?.string.flatMap(Self.name),
            email: Self.proved("email_address", json).flatMap { EmailAddress($0) }?.text,
            phone: Self.proved("phone_number", json).flatMap { PhoneNumber($0) }?.text)
        language = json["locale"]?.string
        updatedAt = json["updated_at"]?.int.map { Instant(microseconds: Int64($0).multipliedReportingOverflow(by: 1000).partialValue) }
    }

    /// `email_addresses` with `primary_email_address_id`, or the same of telephones.
    private static func proved(_ kind: String, _ json: JSONValue) -> String? {
        guard let first = json["primary_\(kind)_id"]?.string else { return nil }
        let list = json[kind == "email_address" ? "email_addresses" : "phone_numbers"]?.array ?? []
        guard let address = list.first(where: { $0["id"]?.string == first }),
            address["verification"]?["status"]?.string == "verified"
        else { return nil }
        return address[kind]?.string
    }

    /// Without control characters and of a bounded length it is stored.
    private static func name(_ text: String) -> String? {
        let kept = text.unicodeScalars.filter { $0.properties.generalCategory != .control }.prefix(100)
        let name = String(String.UnicodeScalarView(kept))
        return name.isEmpty ? nil : name
    }
}

/// What Clerk said last of a person, as it is kept: what the account follows is told by the difference.
struct ClerkProfile: Shaped, Equatable {
    var firstName: String?
    var lastName: String?
    /// Proved there.
    var email: String?
    var phone: String?

    static let shape = Shape(
        "ClerkProfile", Self.init, Field("firstName", { $0.firstName }), Field("lastName", { $0.lastName }),
        Field("email", { $0.email }), Field("phone", { $0.phone }))

    init(firstName: String? = nil, lastName: String? = nil, email: String? = nil, phone: String? = nil) {
        self.firstName = firstName
        self.lastName = lastName
        self.email = email
        self.phone = phone
    }
}

/// What a webhook of Clerk tells.
struct ClerkEvent: Equatable, Sendable {
    enum Matter: Equatable, Sendable {
        /// There is such a person, or he has changed.
        case person(ClerkPerson)
        /// His account at Clerk is deleted.
        case gone(String)
        /// Nothing that concerns an account here.
        case nothing
    }

    /// Svix's.
    let id: String
    let type: String
    let matter: Matter

    init(id: String, type: String, matter: Matter) {
        self.id = id
        self.type = type
        self.matter = matter
    }

    /// Throws what a body throws that is no JSON.
    init(id: String, body: [UInt8]) throws {
        let json = try JSONValue.decode(json: body)
        self.id = id
        type = String((json["type"]?.string ?? "").prefix(60))
        let data = json["data"] ?? .null
        matter =
            switch type {
            case "user.created", "user.updated": ClerkPerson(json: data).map { .person($0) } ?? .nothing
            case "user.deleted": data["id"]?.string.flatMap { ClerkClaims.isPerson($0) ? .gone($0) : nil } ?? .nothing
            default: .nothing
            }
    }
}
