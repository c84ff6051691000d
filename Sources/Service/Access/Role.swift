/// A named list of permissions that may be granted on some types of scope. Registered by modules; the platform's own
/// are Identity's.
package struct Role: Hashable, Sendable {
    /// snake_case, unique over all modules.
    package let name: String
    package let title: String
    /// The module that registers it.
    package let product: String
    /// 0 to 100. Nobody grants a role above his own level.
    package let level: Int
    package let scopeTypes: [ScopeType]
    package let permissions: [Permission]
    /// False for a role that only its module gives, never a person by hand (a resident's).
    package let isGrantedByHand: Bool

    package init(
        _ name: String, title: String, product: String, level: Int, on scopeTypes: [ScopeType],
        permissions: [Permission], isGrantedByHand: Bool = true
    ) {
        self.name = name
        self.title = title
        self.product = product
        self.level = level
        self.scopeTypes = scopeTypes
        self.permissions = permissions
        self.isGrantedByHand = isGrantedByHand
    }
}
