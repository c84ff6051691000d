import HTTP
import Testing

@testable import Service

@Suite struct EntityTagTests {
    private func tag(_ text: String) -> String { Array(text.utf8).withUnsafeBytes { EntityTag(of: $0).description } }

    @Test func differsWithEveryByteAndLength() {
        let texts = ["", "a", "b", "aaaaaaaa", "aaaaaaab", "aaaaaaaa\0", "aaaaaaaaaaaaaaaa", "{\"a\":1}", "{\"a\":2}"]
        #expect(Set(texts.map(tag)).count == texts.count)
        #expect(tag("x") == tag("x"))
        #expect(tag("x").count == 17)
    }
}
