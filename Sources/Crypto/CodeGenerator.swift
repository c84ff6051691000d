/// One-time codes that a person types: decimal digits, leading zeros kept, every code equally likely.
package struct CodeGenerator: Sendable {
    package let digits: Int

    package init(digits: Int = 6) {
        precondition((4...9).contains(digits))
        self.digits = digits
    }

    package func next() -> String {
        let bound = (0..<digits).reduce(UInt32(1)) { bound, _ in bound * 10 }
        let number = String(SecureRandom.number(below: bound))
        return String(repeating: "0", count: digits - number.utf8.count) + number
    }
}
