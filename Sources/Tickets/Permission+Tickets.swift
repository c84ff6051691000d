import Service

extension Permission {
    /// Reads all tickets of a scope.
    package static let supportRead: Permission = "support:read"
    /// Assigns, moves, classifies, and sees what staff tell each other.
    package static let supportUpdate: Permission = "support:update"
    /// Rules, categories, deletion, and the names of those who asked without theirs.
    package static let supportManage: Permission = "support:manage"
    /// Opens tickets in a scope, or about a place of it; at a place, sees what others there have opened.
    package static let supportCreate: Permission = "support:create"
}
