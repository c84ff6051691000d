import Service
import Values

/// A movement of money to be written into the ledger, once per key.
package struct NewTransaction: Sendable {
    package let kind: String
    package let product: String
    package let object: Scope?
    package let idempotencyKey: String
    package let description: String
    package let postings: [Posting]
    package var reverses: UUID?
    package var createdBy: UUID?

    package init(
        kind: String, product: String, object: Scope?, idempotencyKey: String, description: String = "",
        postings: [Posting], reverses: UUID? = nil, createdBy: UUID? = nil
    ) {
        self.kind = kind
        self.product = product
        self.object = object
        self.idempotencyKey = idempotencyKey
        self.description = description
        self.postings = postings
        self.reverses = reverses
        self.createdBy = createdBy
    }
}
