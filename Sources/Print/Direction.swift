/// Which way a paragraph is read: that of its first letter (UAX #9, P2 and P3).
enum Direction: Sendable {
    case leftToRight, rightToLeft

    init(of text: String) {
        for scalar in text.unicodeScalars {
            if Self.isRightToLeft(scalar) {
                self = .rightToLeft
                return
            }
            if scalar.properties.isAlphabetic { break }
        }
        self = .leftToRight
    }

    /// Hebrew, Arabic and what lies between and behind them: the blocks that Unicode keeps for such scripts.
    private static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0660...0x0669, 0x06f0...0x06f9: false
        case 0x0590...0x08ff, 0xfb1d...0xfdff, 0xfe70...0xfefc, 0x10800...0x10fff, 0x1e800...0x1efff:
            scalar.properties.isAlphabetic
        default: false
        }
    }
}
