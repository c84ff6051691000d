import JSON
import Service
import Values

/// Who did it, and from where.
package struct AuditActor: Sendable {
    package enum Kind: String, WireEnum { case user, staff, apiKey = "api_key", provider, system }

    package let id: UUID?
    package let kind: Kind
    package let name: String
    package let address: String?
    package let client: String?
    package let requestID: String?

    package init(
        id: UUID?, kind: Kind, name: String, address: String? = nil, client: String? = nil, requestID: String? = nil
    ) {
        self.id = id
        self.kind = kind
        // As many as the column holds: a name must not keep the row from being written.
        self.name = String(name.unicodeScalars.prefix(320))
        self.address = address
        self.client = client
        self.requestID = requestID
    }

    /// Jobs, schedules and commands.
    package static let system = AuditActor(id: nil, kind: .system, name: "system")

    /// The user himself, known before he is signed in.
    init(_ user: User, from origin: Origin) {
        self.init(
            id: user.id.uuid, kind: .user, name: user.name, address: origin.address, client: origin.client,
            requestID: origin.requestID)
    }

    /// Somebody who gave an address and did not prove that it is his.
    init(stranger account: String, from origin: Origin) {
        self.init(
            id: nil, kind: .user, name: account, address: origin.address, client: origin.client,
            requestID: origin.requestID)
    }
}
