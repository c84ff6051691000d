import JSON
import Testing
import Values

struct ReadingFilter: Shaped, Equatable {
    var source: Source?
    var from: Day?
    var sources: [Source]
    var text: String?
    var limit: Int

    static let shape = Shape<Self>(
        "ReadingFilter", Self.init,
        Field("source", { $0.source }),
        Field("from", { $0.from }),
        Field("sources", { $0.sources }, default: { [] }),
        Field("q", { $0.text }, .length(1...10)),
        Field("limit", { $0.limit }, .range(1...100), default: { 20 }))
}

@Suite struct QueryTests {
    @Test func readsParameters() throws {
        let filter = try ReadingFilter.decode(query: [
            ("limit", "5"), ("source", "import"), ("from", "2026-01-31"), ("sources", "manual,auto"), ("q", " a "),
        ])
        #expect(
            filter
                == ReadingFilter(
                    source: .importing, from: Day("2026-01-31"), sources: [.manual, .auto], text: "a", limit: 5))
        #expect(try ReadingFilter.decode(query: []).limit == 20)
    }

    @Test func collectsMistakes() {
        let error = #expect(throws: InvalidInput.self) {
            try ReadingFilter.decode(query: [
                ("limit", "101"), ("source", "x"), ("from", "31.01.2026"), ("sources", "manual,,auto"), ("q", ""),
                ("page", "1"), ("limit", "1"),
            ])
        }
        #expect(
            error?.errors.map { "\($0.field) \($0.code)" } == [
                "limit range", "source choice", "from format", "sources choice", "q length", "page unknown_field",
                "limit duplicate_field",
            ])
    }

    @Test(arguments: ["+5", " 5", "5.0", "0x5", "", "99999999999999999999", "٥"])
    func refusesNumbers(text: String) {
        #expect(throws: InvalidInput.self) { try ReadingFilter.decode(query: [("limit", text)]) }
    }
}
