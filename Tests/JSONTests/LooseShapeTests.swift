import JSON
import Testing
import Values

/// Shapes of contracts that let pass what they do not know.
@Suite struct LooseShapeTests {
    private struct Loose: Shaped, Equatable {
        let name: String
        let count: Int?

        static let shape = Shape<Self>(
            "Loose", Self.init, Field("name", { $0.name }), Field("count", { $0.count }, .range(1...9)), ignoresUnknown: true)
    }

    @Test func unknownMembersAndParametersMeanNothing() throws {
        let text = #"{"x": [1, {"y": null}], "name": "a", "\u0078": 2, "count": 3, "name2": "b"}"#
        #expect(try Loose.decode(json: Array(text.utf8)) == Loose(name: "a", count: 3))
        #expect(try Loose.decode(query: [("utm", "1"), ("name", "a"), ("utm", "2")]) == Loose(name: "a", count: nil))
    }

    /// What is known is judged as everywhere.
    @Test func whatIsKnownIsJudged() {
        for text in [#"{"x": 1}"#, #"{"name": "a", "count": 10}"#, #"{"name": "a", "name": "b"}"#, #"{"name": 1, "x": 1}"#] {
            #expect(throws: InvalidInput.self) { try Loose.decode(json: Array(text.utf8)) }
        }
        #expect(throws: JSONSyntaxError.self) { try Loose.decode(json: Array(#"{"name": "a", "x": }"#.utf8)) }
        #expect(throws: InvalidInput.self) { try Loose.decode(query: [("x", "1")]) }
        #expect(throws: InvalidInput.self) { try Loose.decode(query: [("name", "a"), ("name", "b")]) }
    }
}
