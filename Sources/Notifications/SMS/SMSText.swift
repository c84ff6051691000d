/// How a text goes over the air: 7-bit letters of the GSM alphabet where they suffice, else UCS-2; in one part, or in several
/// that the phone joins again (3GPP TS 23.038, 23.040).
package enum SMSText {
    /// How many parts a text takes: each costs a credit.
    package static func segments(of text: String) -> Int {
        if let septets = septets(of: text) { return septets <= 160 ? 1 : parts(septetsOf: text) }
        let units = text.utf16.count
        return units <= 70 ? 1 : parts(unitsOf: text)
    }

    /// The longest texts that are taken, in parts.
    package static let most = 10

    /// Characters of two septets are not torn apart: a part of 153 may hold 152.
    private static func parts(septetsOf text: String) -> Int {
        var parts = 1
        var used = 0
        for scalar in text.unicodeScalars {
            let cost = extended.contains(scalar) ? 2 : 1
            if used + cost > 153 {
                parts += 1
                used = 0
            }
            used += cost
        }
        return parts
    }

    /// Nor are surrogate pairs.
    private static func parts(unitsOf text: String) -> Int {
        var parts = 1
        var used = 0
        for scalar in text.unicodeScalars {
            let cost = scalar.utf16.count
            if used + cost > 67 {
                parts += 1
                used = 0
            }
            used += cost
        }
        return parts
    }

    /// Nil when a character is not in the alphabet.
    private static func septets(of text: String) -> Int? {
        var count = 0
        for scalar in text.unicodeScalars {
            if basic.contains(scalar) { count += 1 } else if extended.contains(scalar) { count += 2 } else { return nil }
        }
        return count
    }

    /// 3GPP TS 23.038, section 6.2.1, without the escape.
    private static let basic = Set(
        ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
            + "abcdefghijklmnopqrstuvwxyzäöñüà").unicodeScalars)
    /// Section 6.2.1.1: after an escape.
    private static let extended = Set("\u{c}^{}\\[~]|€".unicodeScalars)
}
