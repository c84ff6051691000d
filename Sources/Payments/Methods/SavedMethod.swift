import JSON
import Postgres
import Values

/// What a payer has saved at a provider, to pay by again.
package struct SavedMethod: Row, Sendable {
    package let id: ID<SavedMethod>
    package let userID: UUID
    package let provider: String
    /// The provider's name for it.
    package let methodID: String
    package let customerID: String
    package let kind: String
    package let brand: String?
    package let last4: String?
    package let expiresOn: Day?
    package let isDefault: Bool
    package let createdAt: Instant

    package init(_ row: inout RowReader) throws {
        id = try row.next()
        userID = try row.next()
        provider = try row.next()
        methodID = try row.next()
        customerID = try row.next()
        kind = try row.next()
        brand = try row.next()
        last4 = try row.next()
        expiresOn = try row.next()
        isDefault = try row.next()
        createdAt = try row.next()
    }
}

extension SavedMethod: WireOutput {
    package static let shape = Shape<SavedMethod>(
        output: "SavedMethod",
        Field("id", { $0.id }),
        Field("provider", { $0.provider }),
        Field("kind", { $0.kind }),
        Field("brand", { $0.brand }),
        Field("last4", { $0.last4 }),
        Field("expiresOn", { $0.expiresOn }, doc: "The first of the last month in which it is good"),
        Field("isDefault", { $0.isDefault }),
        Field("createdAt", { $0.createdAt }))
}

/// A provider at which payers save what they pay by.
package protocol MethodKeeper: Sendable {
    /// The payer as the provider knows him, made once per key.
    func customer(for payer: Payer, key: UUID) async throws -> String
    /// Ties to the customer what his client got from the provider; again when it is tied already.
    func attach(_ token: String, to customer: String) async throws -> KeptMethod
    /// Lets it go; one that is gone already is no mistake.
    func detach(_ methodID: String) async throws
}

/// What a provider keeps for a payer.
package struct KeptMethod: Equatable, Sendable {
    package let id: String
    package let kind: String
    package let brand: String?
    package let last4: String?
    package let expiresOn: Day?
}

/// What a payer wants to save.
struct NewMethodBody: Shaped {
    let provider: String
    let token: String

    static let shape = Shape<NewMethodBody>(
        "NewSavedMethod", Self.init,
        Field("provider", { $0.provider }, .length(1...30), .example("stripe")),
        Field("token", { $0.token }, .length(3...255), doc: "What the provider's script gave the client"))
}
