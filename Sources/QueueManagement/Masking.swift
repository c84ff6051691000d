import JSON
import Telemetry

/// Hides what may be a secret in the data of jobs, by the names that never reach a log either. Jobs carry ids, not secrets
/// (0-platform, 7 (8)); this is for what slips through, and for jobs of other versions.
enum Masking {
    /// How tokens and keys of the field begin, whatever they are called.
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
        Redaction.isSecret(name) && !name.hasSuffix("Id") && !name.hasSuffix("_id")
    }
}
