/// A type that a setting may have: read from the text an operator writes, and written back the same way.
package protocol SettingValue: Sendable {
    /// What an operator is told to write, as the end of "expected …".
    static var expectation: String { get }
    init?(setting text: String)
    var settingText: String { get }
}

extension Int: SettingValue {
    package static var expectation: String { "a whole number" }
    package init?(setting text: String) { self.init(text) }
    package var settingText: String { description }
}

extension Bool: SettingValue {
    package static var expectation: String { "true or false" }

    package init?(setting text: String) {
        switch text.lowercased() {
        case "true", "on", "yes", "1": self = true
        case "false", "off", "no", "0": self = false
        default: return nil
        }
    }

    package var settingText: String { self ? "true" : "false" }
}

extension String: SettingValue {
    package static var expectation: String { "text" }
    package init?(setting text: String) { self = text }
    package var settingText: String { self }
}

/// A list is written with commas; blanks around its members are dropped, empty members too.
extension Array: SettingValue where Element: SettingValue {
    package static var expectation: String { "a list, separated by commas, of \(Element.expectation)" }

    package init?(setting text: String) {
        var list: [Element] = []
        for part in text.split(separator: ",") {
            let word = part.trimmed
            if word.isEmpty { continue }
            guard let member = Element(setting: word) else { return nil }
            list.append(member)
        }
        self = list
    }

    package var settingText: String { map(\.settingText).joined(separator: ",") }
}

/// A setting that may be left out: its text is then empty.
extension Optional: SettingValue where Wrapped: SettingValue {
    package static var expectation: String { "\(Wrapped.expectation), or nothing" }

    package init?(setting text: String) {
        if text.isEmpty {
            self = nil
            return
        }
        guard let value = Wrapped(setting: text) else { return nil }
        self = value
    }

    package var settingText: String { self?.settingText ?? "" }
}

/// An enumeration is written by its raw values.
extension SettingValue where Self: RawRepresentable & CaseIterable, Self.RawValue == String {
    package static var expectation: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }
    package init?(setting text: String) { self.init(rawValue: text) }
    package var settingText: String { rawValue }
}

extension Substring {
    /// Without the blanks at both ends.
    var trimmed: String {
        var rest = self
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
