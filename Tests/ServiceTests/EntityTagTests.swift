import Testing

@testable import Service

@Suite struct EntityTagTests {
    private func tag(_ text: String) -> String { Array(text.utf8).withUnsafeBytes { EntityTag.of($0) } }

    @Test func differsWithEveryByteAndLength() {
        let texts = ["", "a", "b", "aaaaaaaa", "aaaaaaab", "aaaaaaaa\0", "aaaaaaaaaaaaaaaa", "{\"a\":1}", "{\"a\":2}"]
        #expect(Set(texts.map(tag)).count == texts.count)
        #expect(tag("x") == tag("x"))
        #expect(tag("x").count == 18)
    }

    @Test(arguments: [
        ("\"a\"", true), ("W/\"a\"", true), ("*", true), ("\"b\", \"a\"", true), (" \"b\" ,\t\"a\" ", true),
        ("\"b\"", false), ("", false), ("a", false),
    ])
    func listsAreSearched(list: String, expected: Bool) {
        #expect(EntityTag.list(list, contains: "\"a\"") == expected)
    }
}
