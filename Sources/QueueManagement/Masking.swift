import JSON

/// Hides what may be a secret in the data of jobs. Jobs carry ids, not secrets (0-platform, 7 (8)); this is for what slips
/// through, and for jobs of other versions.
enum Masking {
    private static let words = [
        "password", "passwd", "secret", "token", "authorization", "cookie", "signature", "apikey", "api_key",
        "privatekey", "private_key", "otp", "code", "credential", "initdata", "init_data",
    ]
    private static let beginnings = ["Bearer ", "eyJ", "gk_", "whsec_", "sk_", "rk_"]

    static func masked(_ text: JSONText) -> JSONValue {
        guard let value = try? JSONValue.decode(json: text.bytes) else { return .null }
        return masked(value)
    }

    private static func masked(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members): .object(members.map { ($0.name, isSecret($0.name) ? .string("***") : masked($0.value)) })
        case .array(let elements): .array(elements.map(masked))
        case .string(let text) where beginnings.contains(where: text.hasPrefix): .string("***")
        default: value
        }
    }

    /// The id of a secret's row is none.
    private static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return words.contains(where: name.contains) && !name.hasSuffix("id") && !name.hasSuffix("ids")
    }
}
