@testable import Postgres
import Testing

@Suite struct ArrayTextTests {
    private func elements(_ text: String) -> [String?]? {
        var text = text
        return text.withUTF8 { bytes in
            guard let start = bytes.baseAddress else { return nil }
            var found: [String?] = []
            let isWhole = ArrayText.forEachElement(of: Cell(start: start, count: bytes.count)) {
                found.append($0?.text)
                return true
            }
            return isWhole ? found : nil
        }
    }

    @Test(arguments: [
        ("{}", []), ("{a}", ["a"]), ("{a,b c}", ["a", "b c"]), ("{\"\"}", [""]), ("{\"a,b\",\"{}\"}", ["a,b", "{}"]),
        ("{\"q\\\"\\\\\"}", ["q\"\\"]), ("{\"NULL\"}", ["NULL"]),
    ])
    func arraysAreRead(_ text: String, _ expected: [String]) {
        #expect(elements(text) == expected)
    }

    @Test func nullIsNoElement() { #expect(elements("{a,NULL}") == ["a", nil]) }

    @Test(arguments: ["", "{", "}", "a", "{a", "a}", "{a,}", "{{a},{b}}", "{\"a}", "{\"a\"b}", "{\"a\\\"}", "[0:1]={a,b}"])
    func whatIsNoSimpleArrayIsRefused(_ text: String) {
        #expect(elements(text) == nil)
    }
}
