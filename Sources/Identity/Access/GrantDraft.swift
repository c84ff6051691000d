import Service

/// A grant to be given.
package struct GrantDraft: Hashable, Sendable {
    package let role: String
    package let scope: Scope
    /// Codes besides those of the role, and with a leading `-` denials.
    package let codes: [String]

    package init(role: String, on scope: Scope, codes: [String] = []) {
        self.role = role
        self.scope = scope
        self.codes = codes
    }
}
