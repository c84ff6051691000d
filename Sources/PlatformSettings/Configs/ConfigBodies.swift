import JSON
import Service
import Values

/// Values for settings, each as one writes it in the environment.
struct ConfigChange: Shaped {
    let values: [String: String?]

    static let shape = Shape(
        "ConfigChange", Self.init,
        Field(
            "values", { $0.values }, .count(1...100), .each(.length(0...8000), .multiline),
            doc: "By key. Null takes back what was set, so that the environment's holds. A masked value changes nothing."))
}

/// The settings of one group that may be changed while the program runs.
struct ConfigGroup: WireOutput {
    let values: [ConfigView]

    static let shape = Shape<ConfigGroup>(output: "ConfigGroup", Field("values", { $0.values }))
}

/// One setting as it holds now.
struct ConfigView: WireOutput {
    let key: String
    let value: String
    let isSecret: Bool
    let isPublic: Bool
    let origin: String
    let meaning: String
    let form: String

    static let shape = Shape<ConfigView>(
        output: "ConfigValue",
        Field("key", { $0.key }), Field("value", { $0.value }, doc: "Empty for none; of a secret the last four characters."),
        Field("isSecret", { $0.isSecret }), Field("isPublic", { $0.isPublic }),
        Field("origin", { $0.origin }, doc: "settings, where it has been set here; else environment, a file, or default."),
        Field("meaning", { $0.meaning }), Field("form", { $0.form }))

    static let mask = "••••"

    init(_ row: any SettingRow, in settings: Settings) {
        key = row.environment
        let text = settings.text(of: row)
        value = row.isSecret ? Self.masked(text) : text
        isSecret = row.isSecret
        isPublic = row.isPublic
        // Where the file lies is nobody's business here.
        origin = if case .file = settings.origin(of: row) { "file" } else { settings.origin(of: row).description }
        meaning = row.meaning
        form = row.expectation
    }

    /// A short secret would be told by its end.
    static func masked(_ text: String) -> String {
        text.isEmpty ? "" : text.count < 12 ? mask : mask + text.suffix(4)
    }
}

/// Whether a provider takes what the settings say.
struct SettingsTest: WireOutput {
    let success: Bool
    let message: String

    static let shape = Shape<SettingsTest>(
        output: "SettingsTest", Field("success", { $0.success }), Field("message", { $0.message }))
}
