/// A currency by its ISO 4217 code, or Telegram's Stars.
package struct Currency: Hashable, Sendable {
    /// The three letters in the low 24 bits, the exponent above them.
    private let letters: UInt32

    /// Nil when ISO 4217 lists no such active code.
    package init?(_ code: some StringProtocol) {
        var code = String(code)
        guard let currency = code.withUTF8({ Currency(ascii: $0) }) else { return nil }
        self = currency
    }

    /// How many decimals an amount has; 10^exponent minor units make one major unit.
    package var exponent: Int {
        Int(letters >> 24)
    }

    package var code: String { description }
}

extension Currency {
    package static let eur = Currency(known: "EUR")
    package static let inr = Currency(known: "INR")
    package static let kzt = Currency(known: "KZT")
    package static let dzd = Currency(known: "DZD")
    package static let rub = Currency(known: "RUB")
    package static let usd = Currency(known: "USD")
    /// Stars of Telegram.
    package static let xtr = Currency(known: "XTR")

    private init(known code: StaticString) {
        let letters = code.withUTF8Buffer { Self.pack($0) }
        self.letters = letters | (Self.exponent(of: letters) ?? 2) << 24
    }

    /// Code and exponent of every currency, sorted: letters << 8 | exponent.
    private static let table: [UInt32] = {
        var entries: [UInt32] = []
        for (codes, exponent) in [(noDecimals, 0), (twoDecimals, 2), (threeDecimals, 3)] as [(StaticString, UInt32)] {
            let codes = codes.description.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
            for code in codes {
                entries.append(code.reduce(0) { $0 << 8 | UInt32($1) } << 8 | exponent)
            }
        }
        return entries.sorted()
    }()

    /// What the table has for these letters.
    private static func exponent(of letters: UInt32) -> UInt32? {
        var low = 0
        var high = table.count
        while low < high {
            let middle = (low + high) / 2
            let found = table[middle] >> 8
            if found == letters { return table[middle] & 0xff }
            if found < letters { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    private static func pack(_ code: UnsafeBufferPointer<UInt8>) -> UInt32 {
        UInt32(code[0]) << 16 | UInt32(code[1]) << 8 | UInt32(code[2])
    }
}

extension Currency: ASCIIText {
    package static var longestText: Int { 3 }

    package func writeText(to start: UnsafeMutablePointer<UInt8>) -> Int {
        start[0] = UInt8(truncatingIfNeeded: letters >> 16)
        start[1] = UInt8(truncatingIfNeeded: letters >> 8)
        start[2] = UInt8(truncatingIfNeeded: letters)
        return 3
    }

    package init?(ascii: UnsafeBufferPointer<UInt8>) {
        guard ascii.count == 3 else { return nil }
        let letters = Self.pack(ascii)
        guard let exponent = Self.exponent(of: letters) else { return nil }
        self.letters = letters | exponent << 24
    }
}
