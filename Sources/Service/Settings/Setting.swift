/// One row of the table of settings. From the rows come the reader, `atrium check`, the example file and what is
/// printed at the start; a setting that is not a row does not exist.
package struct Setting<Value: SettingValue>: SettingRow {
    package let environment: String
    package let key: String
    package let fallback: Value
    package let isSecret: Bool
    package let isRequiredInProduction: Bool
    package let meaning: String
    package let group: SettingGroup?
    package let isPublic: Bool
    let checks: [SettingCheck<Value>]
    let conflict: @Sendable (Value, Settings) -> String?

    /// - Parameters:
    ///   - environment: the name in the environment and in the file: `DB_POOL_MAX`.
    ///   - key: the name in reports; what stands before its first dot is the section: `database.poolMax`.
    ///   - secret: never printed.
    ///   - changeable: where operators may change it while the program runs. Whoever reads it then asks `LiveSettings`.
    ///   - isPublic: shown to everybody by `/config`.
    ///   - requiredInProduction: the start is refused there while the value is empty.
    ///   - conflict: why the value cannot stand beside those of other settings, nil when it can. Asked once every value has
    ///     passed its own checks.
    package init(
        _ environment: String, _ key: String, default fallback: Value, _ checks: SettingCheck<Value>...,
        secret: Bool = false, requiredInProduction: Bool = false, changeable group: SettingGroup? = nil, isPublic: Bool = false,
        meaning: String,
        conflict: @escaping @Sendable (Value, Settings) -> String? = { _, _ in nil }
    ) {
        self.conflict = conflict
        self.environment = environment
        self.key = key
        self.fallback = fallback
        self.isSecret = secret
        self.isRequiredInProduction = requiredInProduction
        self.meaning = meaning
        self.group = group
        self.isPublic = isPublic
        self.checks = checks
    }

    package var expectation: String { Value.expectation }
    package var fallbackText: String { fallback.settingText }

    package func read(_ text: String) throws(SettingRefusal) -> any SettingValue {
        guard let value = Value(setting: text) else { throw SettingRefusal(reason: "expected \(Value.expectation)") }
        for check in checks {
            if let reason = check.refusal(value) { throw SettingRefusal(reason: reason) }
        }
        return value
    }

    package func conflict(in settings: Settings) -> String? { conflict(settings[self], settings) }
}

/// A row without its type, as the table holds it.
package protocol SettingRow: Sendable {
    var environment: String { get }
    var key: String { get }
    var isSecret: Bool { get }
    var isRequiredInProduction: Bool { get }
    var meaning: String { get }
    /// Where operators may change it while the program runs; nil for what holds from start to end.
    var group: SettingGroup? { get }
    var isPublic: Bool { get }
    var expectation: String { get }
    var fallbackText: String { get }
    func read(_ text: String) throws(SettingRefusal) -> any SettingValue
    /// Why the value cannot stand beside those of other settings; nil when it can.
    func conflict(in settings: Settings) -> String?
}

extension SettingRow {
    /// The chapter of the example file and of the reports.
    package var section: Substring { key.prefix { $0 != "." } }
}

/// Where a setting stands among those that operators change while the program runs: `/admin/settings/{group}`, and those of
/// payments under their provider, which is their section.
package enum SettingGroup: String, CaseIterable, Sendable { case platform, email, sms, payments }

/// Why a text is not a value of its setting. It never quotes the text: that may be a secret.
package struct SettingRefusal: Error {
    package let reason: String
}
