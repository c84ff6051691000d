import Crypto

/// What the installation keeps to itself.
package enum SecretSettings {
    package static let dataKey = Setting<String?>(
        "DATA_KEY", "secrets.dataKey", default: nil, .dataKey, secret: true, requiredInProduction: true,
        meaning: "32 bytes in hexadecimal (openssl rand -hex 32) that seal what is stored sealed. Outside production a file below DATA_DIR unless set.")

    package static let codePepper = Setting<String?>(
        "CODE_PEPPER", "secrets.codePepper", default: nil, .length(atLeast: 16), secret: true, requiredInProduction: true,
        meaning: "What one-time codes are hashed with beside what stands in the database. Outside production made of DATA_KEY unless set.")

    package static let rows: [any SettingRow] = [dataKey, codePepper]
}

extension SettingCheck where Value == String? {
    fileprivate static var dataKey: SettingCheck {
        SettingCheck { text in
            guard let text, Hex.decode(text)?.count != 32 else { return nil }
            return "expected 64 hexadecimal digits"
        }
    }
}
