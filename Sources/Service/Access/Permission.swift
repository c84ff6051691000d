/// What a grant allows, as `resource:action` (`meters:read`). `*` allows everything; `manage` implies no other.
package struct Permission: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let code: String

    package init(_ code: String) { self.code = code }
    package init(stringLiteral code: String) { self.code = code }

    package static let all: Permission = "*"
    package var description: String { code }

    /// Whether the code is well formed: lower-case words joined by `_` or `.`, one colon, an action.
    package var isWellFormed: Bool {
        if self == .all { return true }
        let parts = code.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { $0 >= 97 && $0 <= 122 || $0 == 95 || $0 == 46 }
        }
    }
}

/// The permissions of a grant: those of its role, those it carries besides, less those it denies. A denial wins.
package struct PermissionSet: Sendable, Hashable {
    private var allowed: Set<Permission>
    private var denied: Set<Permission>

    /// - Parameter codes: a leading `-` makes a denial.
    package init(role: some Sequence<Permission>, extra codes: some Sequence<String> = []) {
        allowed = Set(role)
        denied = []
        for code in codes {
            if code.hasPrefix("-") {
                denied.insert(Permission(String(code.dropFirst())))
            } else {
                allowed.insert(Permission(code))
            }
        }
    }

    package func allows(_ permission: Permission) -> Bool {
        !denies(permission) && (allowed.contains(permission) || allowed.contains(.all))
    }

    package var holdsDenials: Bool { !denied.isEmpty }

    package func denies(_ permission: Permission) -> Bool {
        !denied.isEmpty && (denied.contains(permission) || denied.contains(.all))
    }

    /// The codes that hold, sorted; `*` stands for all.
    package var codes: [String] { allowed.subtracting(denied).map(\.code).sorted() }
}
