import Service

/// What decides, of a grant: who gave it and when does not.
struct StoredGrant: Hashable, Sendable {
    let role: String
    let scope: Scope
    /// Codes besides those of the role, and with a leading `-` denials.
    let codes: [String]

    static func isDenial(_ code: String) -> Bool { code.hasPrefix("-") }

    var denials: [String] { codes.filter(Self.isDenial) }
}
