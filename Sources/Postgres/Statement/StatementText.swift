/// A statement put together: the text as PostgreSQL reads it, and what is known of it. One per identity and loop.
final class StatementText {
    /// Never used again for another statement of the loop.
    let number: Int
    /// Ended by NUL, as libpq wants it.
    let text: UnsafePointer<CChar>
    let bindTypes: [UInt32]
    /// Whether it only reads and locks nothing, so that it may share a round trip with others.
    let isRead: Bool
    private let tokens: [StatementToken]
    /// Another statement with the same hash.
    var sibling: StatementText?

    init(_ draft: StatementDraft, number: Int) {
        self.number = number
        tokens = Array(UnsafeBufferPointer(start: draft.tokens, count: draft.tokenCount))
        bindTypes = tokens.filter { $0.start == nil }.map(\.number)
        let written = draft.text
        isRead = StatementWords.isPlainRead(written)
        let bytes = written.utf8CString
        let memory = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        for (index, byte) in bytes.enumerated() { (memory + index).initialize(to: byte) }
        text = UnsafePointer(memory)
    }

    deinit { text.deallocate() }

    var description: String { String(cString: text) }

    func matches(_ draft: StatementDraft) -> Bool {
        guard tokens.count == draft.tokenCount else { return false }
        for index in 0..<tokens.count where tokens[index] != draft.tokens[index] { return false }
        return true
    }
}
