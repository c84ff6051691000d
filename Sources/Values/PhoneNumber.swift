/// A telephone number as E.164 stores it: a plus and up to 15 digits.
package struct PhoneNumber: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package var description: String { text }

    /// Removes punctuation and completes the national spellings of the markets. `region` decides what cannot be told from
    /// the digits alone: ten digits without a prefix. Nil when it is no number one could call.
    package init?(_ input: some StringProtocol, region: Region = .russia) {
        guard let dialled = Dialled(input), let digits = dialled.international(region) else { return nil }
        text = "+" + digits
    }

    /// The markets whose national spellings are understood.
    package enum Region: String, Sendable, CaseIterable {
        case russia, india, algeria
    }
}

/// What was typed, without its punctuation.
private struct Dialled {
    let hasPlus: Bool
    let digits: [UInt8]

    init?(_ input: some StringProtocol) {
        var digits: [UInt8] = []
        var hasPlus = false
        for scalar in input.unicodeScalars {
            switch scalar {
            case "0"..."9": digits.append(UInt8(scalar.value))
            case "+":
                guard digits.isEmpty, !hasPlus else { return nil }
                hasPlus = true
            case " ", "\t", "-", "(", ")", ".", "/", "\u{a0}", "\u{2009}", "\u{202f}", "\u{2010}"..."\u{2015}",
                "\u{2212}":
                continue
            default: return nil
            }
        }
        // ITU-T E.123: "00" is the commonest international prefix; E.164 numbers never begin with a zero.
        if !hasPlus, digits.starts(with: "00".utf8) {
            digits.removeFirst(2)
            hasPlus = true
        }
        self.hasPlus = hasPlus
        self.digits = digits
    }

    func international(_ region: PhoneNumber.Region) -> String? {
        guard let number = hasPlus ? digits : completed(region), Self.isPossible(number) else { return nil }
        return String(decoding: number, as: UTF8.self)
    }

    /// The national spellings: 8 or 7 before ten digits (+7), 0 or 91 before ten (+91), 0 or 213 before nine (+213).
    private func completed(_ region: PhoneNumber.Region) -> [UInt8]? {
        let first = digits.first.map { Character(Unicode.Scalar($0)) }
        switch (digits.count, first) {
        case (11, "8"), (11, "7"): return Array("7".utf8) + digits.dropFirst()
        case (11, "0"): return Array("91".utf8) + digits.dropFirst()
        case (12, "9") where digits.starts(with: "91".utf8): return digits
        case (12, "2") where digits.starts(with: "213".utf8): return digits
        case (10, "0"), (9, "0"): return Array("213".utf8) + digits.dropFirst()
        case (10, _): return Array((region == .india ? "91" : "7").utf8) + digits
        case (9, _) where region == .algeria: return Array("213".utf8) + digits
        default: return nil
        }
    }

    /// E.164, section 6: at most 15 digits, no zero in front; the markets' own lengths exactly.
    private static func isPossible(_ number: [UInt8]) -> Bool {
        guard let first = number.first, first != UInt8(ascii: "0") else { return false }
        if first == UInt8(ascii: "7") { return number.count == 11 }
        if number.starts(with: "91".utf8) { return number.count == 12 }
        if number.starts(with: "213".utf8) { return number.count == 11 || number.count == 12 }
        return (8...15).contains(number.count)
    }
}
