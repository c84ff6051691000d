import JSON
import Values

/// JSON: reading and passing over agree on what is JSON; what is read is written so that it reads the same again; a shape
/// accepts nothing that is no JSON, and refuses with the two errors that become 400 and 422.
struct JSONEntry: FuzzEntry {
    let name = "json"

    func check(_ input: [UInt8], _ random: inout SplitMix) -> Verdict {
        let value = Self.read(input)
        if (value != nil) != Self.isPassedOver(input) { return .broken("read: \(value != nil); passed over: not so") }
        if let broken = Self.brokenShape(input, isJSON: value != nil) { return .broken(broken) }
        guard let value else { return .refused }
        var writer = JSONWriter()
        value.write(to: &writer)
        guard let again = Self.read(writer.bytes) else { return .broken("written and not readable: \(writer.bytes)") }
        return again == value ? .accepted : .broken("read \(value), written and read \(again)")
    }

    private static func read(_ input: [UInt8]) -> JSONValue? {
        do { return try JSONValue.decode(json: input) } catch { return nil }
    }

    private static func isPassedOver(_ input: [UInt8]) -> Bool {
        input.withUnsafeBytes { bytes in
            do {
                var reader = try JSONReader(bytes)
                try reader.skipValue()
                try reader.finish()
                return true
            } catch { return false }
        }
    }

    private static func brokenShape(_ input: [UInt8], isJSON: Bool) -> String? {
        do {
            let sample = try Sample.decode(json: input)
            if !isJSON { return "a shape accepted what is no JSON" }
            var writer = JSONWriter()
            sample.write(to: &writer)
            return try Sample.decode(json: writer.bytes) == sample ? nil : "a shape reads its own text otherwise"
        } catch is JSONSyntaxError {
            return nil
        } catch is InvalidInput {
            // A repeated name is a mistake of the body's author that a shape can name: 422, not 400.
            return nil
        } catch {
            return "a shape failed with \(error)"
        }
    }

    /// The members that occur in the kept inputs, of as many kinds as there are.
    struct Sample: Shaped, Equatable {
        let id: UUID
        let value: Quantity
        let tags: [String]
        let none: Int?
        let on: Bool

        static let shape = Shape<Self>(
            "FuzzSample", Self.init,
            Field("id", { $0.id }), Field("value", { $0.value }), Field("tags", { $0.tags }, .count(0...10)),
            Field("none", { $0.none }), Field("on", { $0.on }))
    }
}
