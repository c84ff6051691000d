import Testing

@testable import Telemetry

@Suite struct RequestIDTests {
    private func accept(_ text: String) -> RequestID? { Array(text.utf8).withUnsafeBytes { RequestID($0) } }

    @Test(arguments: ["abcdefgh", "01890a5d-ac96-774b-bcce-b302099a8057", "A.b_c-1234", String(repeating: "a", count: 128)])
    func harmlessNamesAreKept(_ text: String) { #expect(accept(text)?.description == text) }

    @Test(arguments: ["", "short", "with space", "line\nfeed", "quote\"quote", "<script>", "ünicode1", String(repeating: "a", count: 129)])
    func othersAreNot(_ text: String) { #expect(accept(text) == nil) }

    @Test func oursAreAcceptable() {
        #expect(accept(RequestID().description) != nil)
        #expect(RequestID() != RequestID())
    }
}
