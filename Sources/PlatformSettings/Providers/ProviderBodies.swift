import JSON
import Service
import Values

/// What staff change of a payment provider.
struct ProviderChange: Shaped {
    let isEnabled: Bool?
    let mode: String?
    let keys: [String: String?]?

    static let shape = Shape(
        "PaymentProviderChange", Self.init,
        Field("isEnabled", { $0.isEnabled }, doc: "Whether new payments go by it; what has been begun goes on in any case"),
        Field("mode", { $0.mode }, .length(1...30), doc: "Of those that have one: sandbox or production, test or live"),
        Field(
            "keys", { $0.keys }, .count(1...20), .each(.length(0...8000)),
            doc: "By setting, as the list has them. Null takes back what was set, so that the environment's holds. A masked value changes nothing."),
        example: ["isEnabled"],
        check: { $0.mistakes })

    private var mistakes: [FieldError] {
        guard isEnabled == nil, mode == nil, keys == nil else { return [] }
        return [FieldError(field: "isEnabled", code: "required", message: "Change something.")]
    }

    /// The same as values of settings, of which the provider's are named so.
    func values(of rows: [any SettingRow]) throws -> [String: String?] {
        var values: [String: String?] = keys ?? [:]
        let known = Set(rows.map(\.environment))
        let unknown = values.keys.filter { !known.contains($0) }.sorted()
        if !unknown.isEmpty {
            throw InvalidInput(
                unknown.map { FieldError(field: "keys.\($0)", code: "unknown_field", message: "is no setting of this provider") })
        }
        if let isEnabled { values[try Self.name("_ENABLED", "isEnabled", among: known)] = isEnabled.settingText }
        if let mode { values[try Self.name("_MODE", "mode", among: known)] = mode }
        return values
    }

    private static func name(_ end: String, _ field: String, among known: Set<String>) throws -> String {
        guard let name = known.first(where: { $0.hasSuffix(end) }) else {
            throw InvalidInput(field: field, code: "choice", message: "This provider has none.")
        }
        return name
    }
}

/// A payment provider as it is set up now.
struct ProviderView: WireOutput {
    let name: String
    let isSetUp: Bool
    let values: [ConfigView]

    static let shape = Shape<ProviderView>(
        output: "PaymentProviderSettings",
        Field("provider", { $0.name }),
        Field("isEnabled", { $0.value("_ENABLED") == true.settingText }),
        Field("isSetUp", { $0.isSetUp }, doc: "Whether it has the keys that it needs"),
        Field("mode", { $0.value("_MODE") }, doc: "Null of one that has none"),
        Field("keys", { $0.values }, doc: "All that can be set of it"))

    private func value(_ end: String) -> String? { values.first { $0.key.hasSuffix(end) }?.value }
}
