import Service
import Values

/// To whom a product sells plans, as it registers it.
package struct SubscriptionProduct: Sendable {
    /// What a subscriber uses of the things that plans limit.
    package typealias Usage = nonisolated(nonsending) @Sendable (_ subscriber: UUID) async throws -> [String: Int]
    /// Who hears of a subscriber's renewals.
    package typealias Contacts = nonisolated(nonsending) @Sendable (_ subscriber: UUID) async throws -> [UUID]

    /// In which of India's states a subscriber is, by the number that its tax has; nil where that is not known.
    package typealias TaxState = nonisolated(nonsending) @Sendable (_ subscriber: UUID) async throws -> Int?

    package let product: String
    /// `user`, or a type of scope.
    package let subscriberType: ScopeType
    /// What it takes, on the scope, to subscribe for it and to pay; a user does so for himself.
    package let permission: Permission
    package let usage: Usage
    package let contacts: Contacts
    package let taxState: TaxState

    package init(
        _ product: String, subscriberType: ScopeType = .user, permission: Permission = "subscriptions:own",
        usage: @escaping Usage = { _ in [:] }, contacts: @escaping Contacts = { [$0] },
        taxState: @escaping TaxState = { _ in nil }
    ) {
        self.taxState = taxState
        self.product = product
        self.subscriberType = subscriberType
        self.permission = permission
        self.usage = usage
        self.contacts = contacts
    }
}

extension ScopeType {
    package static let user: ScopeType = "user"
}

extension Permission {
    static let subscriptionsRead: Permission = "subscriptions:read"
    static let subscriptionsManage: Permission = "subscriptions:manage"
    static let analyticsRead: Permission = "analytics:read"
}
