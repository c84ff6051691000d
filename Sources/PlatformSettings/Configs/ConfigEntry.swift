import Crypto
import JSON
import Postgres

/// One value as it is stored: as JSON, or sealed.
struct ConfigEntry: Row {
    let key: String
    let value: JSONText
    let isSecret: Bool

    init(key: String, value: JSONText, isSecret: Bool) {
        self.key = key
        self.value = value
        self.isSecret = isSecret
    }

    init(_ row: inout RowReader) throws {
        key = try row.next()
        value = try row.next()
        isSecret = try row.next()
    }

    /// What an operator has written for a setting.
    static func setting(_ key: String, _ text: String, isSecret: Bool, _ ring: SealingRing) -> ConfigEntry {
        guard isSecret else { return ConfigEntry(key: key, value: JSONText(encoding: text), isSecret: false) }
        let sealed = ring.seal(text, context: context(key))
        let value: JSONValue = .object([("sealed", .string(Base64.encode(sealed.bytes)))])
        return ConfigEntry(key: key, value: JSONText(encoding: value), isSecret: true)
    }

    /// The text again; nil for what is no setting's, or was sealed by another key.
    func text(_ ring: SealingRing) -> String? {
        guard let value = try? JSONValue.decode(json: value.bytes) else { return nil }
        guard isSecret else { return value.string }
        guard let bytes = value["sealed"]?.string.flatMap({ Base64.decode($0) }) else { return nil }
        return try? ring.openText(Sealed(bytes: bytes), context: Self.context(key))
    }

    private static func context(_ key: String) -> String { "settings.platform_configs:\(key)" }
}
