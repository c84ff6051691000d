/// Decimal digits in bytes: the common ground of days, instants and decimals.
package enum Digits {
    /// The value of exactly `count` digits at `offset`, or nil when one of them is not a digit or they run past the end.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int, count: Int) -> Int? {
        guard offset >= 0, count > 0, offset + count <= bytes.count else { return nil }
        var value = 0
        for index in offset..<(offset + count) {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            value = value &* 10 &+ Int(digit)
        }
        return value
    }

    /// Writes `value` with exactly `count` digits, zeros in front.
    static func write(_ value: Int, count: Int, to start: UnsafeMutablePointer<UInt8>) {
        var rest = UInt(truncatingIfNeeded: value)
        var index = count
        while index > 0 {
            index &-= 1
            start[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    /// Writes `value` with as many digits as it has and returns how many those are.
    package static func write(_ value: UInt64, to start: UnsafeMutablePointer<UInt8>) -> Int {
        let count = length(of: value)
        var rest = value
        var index = count
        repeat {
            index &-= 1
            start[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while index > 0
        return count
    }

    /// How many digits there are; zero has one. 1233/4096 is just above log10(2), so that the number of bits tells the
    /// number of digits but for one.
    static func length(of value: UInt64) -> Int {
        let value = value | 1
        let guess = ((64 &- value.leadingZeroBitCount) &* 1_233) &>> 12
        return guess &+ (value >= powers[guess] ? 1 : 0)
    }

    /// 10^exponent, for exponents 0 to 18; nil beyond, where `Int64` ends.
    package static func power(_ exponent: Int) -> Int64? {
        guard exponent >= 0, exponent <= 18 else { return nil }
        return Int64(powers[exponent])
    }

    /// 10^0 to 10^19.
    private static let powers: [UInt64] = (0..<20).map { exponent in
        (0..<exponent).reduce(UInt64(1)) { power, _ in power * 10 }
    }
}
