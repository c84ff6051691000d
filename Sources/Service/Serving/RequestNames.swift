
/// New names of requests on one loop: 15 characters, which Swift keeps without memory of their own. Eight tell this
/// process and loop from all others, seven count.
struct RequestNames {
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    private let prefix: UInt64
    private var count: UInt64 = 0

    init() {
        var generator = SystemRandomNumberGenerator()
        prefix = generator.next()
    }

    mutating func next() -> String {
        count &+= 1
        let prefix = prefix
        let count = count
        return String(unsafeUninitializedCapacity: 15) { text in
            for place in 0..<8 { text[place] = Self.digit(prefix >> UInt64(place * 5)) }
            for place in 0..<7 { text[14 - place] = Self.digit(count >> UInt64(place * 5)) }
            return 15
        }
    }

    private static func digit(_ value: UInt64) -> UInt8 {
        alphabet.withUnsafeBufferPointer { $0[Int(value & 31)] }
    }
}
