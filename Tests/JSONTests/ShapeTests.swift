import JSON
import Testing
import Values

@Suite struct ShapeTests {
    static let text = """
        {"id":"0189f7e2-4b1c-7def-8123-456789abcdef","value":12.345,"day":"2026-11-21",\
        "at":"2026-11-21T10:24:57.123Z","source":"manual","note":null,"count":3,"verified":true}
        """

    @Test func writes() {
        #expect(Reading.sample.jsonString == Self.text)
    }

    @Test func readsWhatItWrote() throws {
        #expect(try Reading.decode(json: Self.text) == Reading.sample)
    }

    @Test func readsMembersInAnyOrderWithSpaceAndEscapedNames() throws {
        let text = """
             { "count" : 3 , "verified":true,"source":"manual", "day":"2026-11-21","v\\u0061lue":12.3450,
            "at":"2026-11-21T13:24:57.123+03:00","id":"0189F7E2-4b1c-7def-8123-456789abcdef" }\t
            """
        #expect(try Reading.decode(json: text) == Reading.sample)
    }

    private func errors(_ json: String) throws -> [String] {
        do {
            _ = try Reading.decode(json: json)
            return []
        } catch let invalid as InvalidInput {
            return invalid.errors.map { "\($0.field) \($0.code)" }
        }
    }

    @Test func collectsEveryMistake() throws {
        let found = try errors(
            """
            {"id":"x","value":-1,"day":"2026-02-30","at":7,"source":"magic","note":"","count":13,"verified":"yes",
             "colour":{"a":[1]},"count":3}
            """)
        #expect(
            found == [
                "id format", "value range", "day format", "at type", "source choice", "note length", "count range",
                "verified type", "colour unknown_field", "count duplicate_field",
            ])
    }

    @Test func namesWhatIsMissing() throws {
        #expect(
            try errors("{}") == [
                "id required", "value required", "day required", "at required", "source required", "count required",
            ])
        #expect(try errors("[]") == [" type"])
        #expect(try errors("null") == [" type"])
    }

    @Test func numbersThatDoNotFitAreMistakesNotTraps() throws {
        for (number, code) in [
            ("99999999999999999999", "range"), ("1e400", "range"), ("1.5", "type"), ("1e1", ""), ("1.0", ""),
            ("-9223372036854775808", "range"), ("9223372036854775807", "range"), ("0.99999999999999999999", "range"),
        ] {
            let text = Self.text.replacing("\"count\":3", with: "\"count\":\(number)")
            #expect(try errors(text) == (code.isEmpty ? [] : ["count \(code)"]), "\(number)")
        }
        let text = Self.text.replacing("12.345", with: "12.3456")
        #expect(try errors(text) == ["value decimals"])
    }

    @Test func syntaxComesBeforeMistakes() {
        #expect(throws: JSONSyntaxError.self) { try Reading.decode(json: #"{"id":1,"x":2"#) }
        #expect(throws: JSONSyntaxError.self) { try Reading.decode(json: #"{"id":1} x"#) }
        #expect(throws: JSONSyntaxError.self) { try Reading.decode(json: #"{"id":1,}"#) }
        #expect(throws: JSONSyntaxError.self) { try Reading.decode(json: "") }
    }

    @Test func givesPathsInsideListsAndMaps() throws {
        let error = #expect(throws: InvalidInput.self) {
            try Order.decode(
                json: #"{"lines":[{"title":"a","quantity":1},{"title":" ","quantity":0,"x":1},3],"#
                    + #""tags":["ok","toolong","ok"],"zones":{"day":"1"},"contact":"nobody"}"#)
        }
        #expect(
            error?.errors.map { "\($0.field) \($0.code)" } == [
                "lines[1].title length", "lines[1].quantity range", "lines[1].x unknown_field", "lines[2] type",
                "tags[1] length", "tags distinct", "zones.day type", "contact format",
            ])
    }

    @Test func normalisesText() throws {
        let order = try Order.decode(
            json: #"{"lines":[{"title":"  e\u0301\u00a0","quantity":2.50}],"contact":" Anna@Example.COM "}"#)
        #expect(order.lines[0].title.unicodeScalars.map(\.value) == [0xe9])
        #expect(order.contact == "anna@example.com")
        #expect(order.tags == [] && order.zones == [:])
        for text in [#"a\u0000"#, #"a\nb"#, #"\u202ea"#, #"a\u0085b"#] {
            let error = #expect(throws: InvalidInput.self) {
                try Order.decode(json: #"{"lines":[{"title":"\#(text)","quantity":2}]}"#)
            }
            #expect(error?.errors.map(\.code) == ["control_character"])
        }
    }

    @Test func checksTheWholeObjectLast() throws {
        let error = #expect(throws: InvalidInput.self) {
            try Order.decode(json: #"{"lines":[{"title":"none","quantity":2}]}"#)
        }
        #expect(error?.errors.map(\.code) == ["none"])
    }

    @Test func patchesTellAbsentFromNull() throws {
        #expect(try ReadingPatch.decode(json: "{}") == ReadingPatch(note: .absent, value: .absent))
        #expect(try ReadingPatch.decode(json: #"{"note":null}"#).note == .set(nil))
        #expect(try ReadingPatch.decode(json: #"{"note":" x "}"#).note == .set("x"))
        #expect(throws: InvalidInput.self) { try ReadingPatch.decode(json: #"{"value":null}"#) }
        #expect(throws: InvalidInput.self) { try ReadingPatch.decode(json: #"{"note":"123456"}"#) }
        #expect(ReadingPatch(note: .set(nil), value: .absent).jsonString == #"{"note":null}"#)
        #expect(ReadingPatch(note: .absent, value: .absent).jsonString == "{}")
    }

    @Test func writesOutputs() {
        let answer = Answer(
            total: Amount(123_450, .eur), lines: [Line(title: "\"A\"\n", quantity: 2), Line(title: "b", quantity: 3)])
        #expect(
            answer.jsonString
                == #"{"total":1234.50,"lines":[{"title":"\"A\"\n","quantity":2},{"title":"b","quantity":3}],"next":null}"#)
    }

    @Test func anObjectMayBeEmpty() throws {
        #expect(try Empty.decode(json: " { } ") == Empty())
        #expect(Empty().jsonString == "{}")
        #expect(throws: InvalidInput.self) { try Empty.decode(json: #"{"a":1}"#) }
        #expect(try Empty.decode(query: []) == Empty())
    }

    @Test func stopsCollectingAtItsLimit() throws {
        let members = (0..<500).map { "\"m\($0)\":[\($0)]" }.joined(separator: ",")
        let error = #expect(throws: InvalidInput.self) { try Reading.decode(json: "{\(members)}") }
        #expect(error?.errors.count == 64)
        let lines = String(repeating: "{},", count: 500) + "{}"
        let second = #expect(throws: InvalidInput.self) { try Order.decode(json: "{\"lines\":[\(lines)]}") }
        #expect(second?.errors.count == 64)
    }

    @Test func valuesOfMapsObeyTheRulesOfTheirTypeAndNamesAreClean() throws {
        struct Words: Shaped, Equatable {
            let words: [String: String]
            let notes: [String: String]
            static let shape = Shape<Self>(
                "Words", Self.init, Field("words", { $0.words }),
                Field("notes", { $0.notes }, .each(.length(1...3), .multiline), default: { [:] }))
        }
        #expect(try Words.decode(json: #"{"words":{"a":" e\u0301 "},"notes":{"b":"c\nd"}}"#).words == ["a": "\u{e9}"])
        let long = String(repeating: "x", count: 256)
        let error = #expect(throws: InvalidInput.self) {
            try Words.decode(json: #"{"words":{"a":"a\u0000","b":"\#(long)"},"notes":{"c":"abcd","d\u0000":"a"}}"#)
        }
        #expect(
            error?.errors.map { "\($0.field) \($0.code)" } == [
                "words.a control_character", "words.b length", "notes name", "notes.c length",
            ])
    }

    private struct Packed: Shaped, Equatable {
        let isFirst: Bool
        let number: Int?
        let isNext: Bool
        let day: Day?
        let isThird: Bool?

        static let shape = Shape<Self>(
            "Packed", Self.init, Field("isFirst", { $0.isFirst }, default: { false }), Field("number", { $0.number }),
            Field("isNext", { $0.isNext }, default: { false }), Field("day", { $0.day }), Field("isThird", { $0.isThird }))
    }

    /// An optional number leaves room in its last word, in which the next member stands.
    @Test func whatIsLeftOutDisturbsNoNeighbour() throws {
        #expect(
            try Packed.decode(json: #"{"isThird": true, "isNext": true, "isFirst": true}"#)
                == Packed(isFirst: true, number: nil, isNext: true, day: nil, isThird: true))
        #expect(
            try Packed.decode(query: [("isNext", "true")])
                == Packed(isFirst: false, number: nil, isNext: true, day: nil, isThird: nil))
    }
}
