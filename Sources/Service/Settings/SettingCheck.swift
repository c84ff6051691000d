/// What a value must satisfy besides having the right type: nil, or the reason why it is refused.
package struct SettingCheck<Value: SettingValue>: Sendable {
    let refusal: @Sendable (Value) -> String?

    package init(_ refusal: @escaping @Sendable (Value) -> String?) { self.refusal = refusal }
}

extension SettingCheck where Value: Comparable {
    package static func range(_ bounds: ClosedRange<Value>) -> SettingCheck {
        SettingCheck { value in
            bounds.contains(value)
                ? nil : "must lie between \(bounds.lowerBound.settingText) and \(bounds.upperBound.settingText)"
        }
    }
}

extension SettingCheck {
    package static func range<Wrapped: Comparable>(_ bounds: ClosedRange<Wrapped>) -> SettingCheck
    where Value == Wrapped? {
        let check = SettingCheck<Wrapped>.range(bounds)
        return SettingCheck { $0.flatMap(check.refusal) }
    }
}

extension SettingCheck where Value == String {
    /// An address of the web with scheme and host and without a slash at its end, so that paths can be appended.
    package static var webAddress: SettingCheck { SettingCheck(webAddressRefusal) }

    package static var notEmpty: SettingCheck { SettingCheck { $0.isEmpty ? "must not be empty" : nil } }
}

extension SettingCheck where Value == String? {
    package static var webAddress: SettingCheck { SettingCheck { $0.flatMap(webAddressRefusal) } }

    /// A secret of so many characters at least.
    package static func length(atLeast least: Int) -> SettingCheck {
        SettingCheck { value in
            guard let value, value.count < least else { return nil }
            return "is too short: \(least) characters at least"
        }
    }
}

extension SettingCheck where Value == [String] {
    package static var webAddresses: SettingCheck { SettingCheck { $0.lazy.compactMap(webAddressRefusal).first } }

    package static var networks: SettingCheck {
        SettingCheck { list in
            if list.allSatisfy({ Network($0) != nil }) { return nil }
            return "expected addresses or networks such as 10.0.0.1, 10.0.0.0/8 or 2a02:5180::/32"
        }
    }
}

private func webAddressRefusal(_ text: String) -> String? {
    let rest =
        text.hasPrefix("https://") ? text.dropFirst(8) : text.hasPrefix("http://") ? text.dropFirst(7) : ""
    if rest.isEmpty || rest.contains(" ") { return "must begin with http:// or https:// and name a host" }
    return rest.hasSuffix("/") ? "must not end with a slash" : nil
}
