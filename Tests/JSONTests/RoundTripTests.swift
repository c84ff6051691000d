import JSON
import Testing
import Values

/// Values made at random: what is written is read again as the same, and damaged bytes never do more than throw.
@Suite struct RoundTripTests {
    @Test func valuesComeBack() throws {
        var random = SeededGenerator.printed("values")
        for _ in 0..<2_000 {
            let value = random.value(depth: 4)
            let bytes = value.jsonBytes
            #expect(try JSONValue.decode(json: bytes) == value)
            #expect(try JSONText.decode(json: bytes).bytes == bytes)
        }
    }

    @Test func shapesComeBack() throws {
        var random = SeededGenerator.printed("shapes")
        for _ in 0..<2_000 {
            var reading = Reading.sample
            reading.id = .new()
            reading.value = Quantity(raw: .random(in: 0 ... .max, using: &random))
            reading.day = Day(number: .random(in: -719_162...2_932_896, using: &random))
            reading.at = Instant(microseconds: .random(in: -62_135_596_800_000...253_402_300_799_000, using: &random) * 1_000)
            reading.source = Source.allCases.randomElement(using: &random)!
            reading.count = .random(in: 1...12, using: &random)
            reading.note = Bool.random(using: &random) ? nil : "é€😀\"\\"
            #expect(try Reading.decode(json: reading.jsonBytes) == reading)
        }
    }

    @Test func damagedBytesOnlyThrow() {
        var random = SeededGenerator.printed("damage")
        let documents = [
            Reading.sample.jsonBytes,
            Array(
                (#"{"lines":[{"title":"é\u00e9","quantity":2.5},{"title":"b","quantity":1e2}],"tags":["a"],"#
                    + #""zones":{"day":1}}"#).utf8),
        ]
        var refused = 0
        for round in 0..<20_000 {
            var bytes = documents[round % 2]
            for _ in 0...Int.random(in: 0..<3, using: &random) { random.damage(&bytes) }
            do {
                if round.isMultiple(of: 2) { _ = try Reading.decode(json: bytes) } else { _ = try Order.decode(json: bytes) }
            } catch is JSONSyntaxError {
                refused += 1
            } catch is InvalidInput {
                refused += 1
            } catch {
                Issue.record("\(error) for \(String(decoding: bytes, as: UTF8.self))")
            }
        }
        #expect(refused > 10_000)
    }
}

/// Random values that can be made again from the seed that the test prints.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    static func printed(_ name: String) -> SeededGenerator {
        let seed = UInt64.random(in: .min ... .max)
        print("seed of \(name): \(seed)")
        return SeededGenerator(state: seed)
    }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    mutating func value(depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth == 0 ? 5 : 7), using: &self) {
        case 0: .null
        case 1: .bool(.random(using: &self))
        case 2: .number(String(Int64.random(in: .min ... .max, using: &self)))
        case 3: .number(Quantity(raw: .random(in: .min ... .max, using: &self)).description)
        case 4: .string(text())
        case 5: .array((0..<Int.random(in: 0..<5, using: &self)).map { _ in value(depth: depth - 1) })
        default: .object((0..<Int.random(in: 0..<5, using: &self)).map { ("\($0)" + text(), value(depth: depth - 1)) })
        }
    }

    private mutating func text() -> String {
        let alphabet: [Unicode.Scalar] = [
            "a", "\"", "\\", "\n", "\0", "\u{1f}", "é", "€", "😀", "/", "\u{7f}", "\u{2028}", "z", "9",
        ]
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<20, using: &self) { scalars.append(alphabet.randomElement(using: &self)!) }
        return String(scalars)
    }

    /// Changes, removes or doubles bytes.
    mutating func damage(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &self)
        switch Int.random(in: 0..<4, using: &self) {
        case 0: bytes[place] = .random(in: .min ... .max, using: &self)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(Array(#"{}[],:"\0e-.u"#.utf8).randomElement(using: &self)!, at: place)
        default: bytes.removeSubrange(place..<Int.random(in: place..<bytes.count, using: &self))
        }
    }
}
