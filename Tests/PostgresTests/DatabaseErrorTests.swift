import Testing

@testable import Postgres

@Suite struct DatabaseErrorTests {
    @Test(arguments: [
        ("failed: Connection refused\n\tIs the server running?\n", "failed: Connection refused; Is the server running?"),
        ("one\ntwo\n", "one; two"), ("plain", "plain"), ("\n", ""),
    ])
    func libpqsWordsAreOneLine(words: String, line: String) {
        #expect(DatabaseError.oneLine(words) == line)
    }
}
