import HTTP

/// A file that lies elsewhere and is passed on while it comes, as fast as the client takes it. What a client may ask of a file
/// here he may ask of it, too: conditions, a range, its head alone.
package struct RelayedFile: Sendable {
    /// What came was not what had been promised to the client.
    struct OtherSize: Error { let promised: Int }

    let size: Int
    /// Strong.
    let tag: EntityTag
    /// Whole seconds since 1970.
    let modified: Int
    let source: any RelaySource

    package init(size: Int, tag: EntityTag, modified: Int, source: any RelaySource) {
        self.size = size
        self.tag = tag
        self.modified = modified
        self.source = source
    }
}

/// Where the bytes are that are passed on.
package protocol RelaySource: Sendable {
    /// Asks for a range of them and lends them to `pass` once they are on their way. What is thrown before that becomes the
    /// answer.
    func fetch(
        _ range: Range<Int>, _ pass: nonisolated(nonsending) (IncomingResponse) async throws -> Void
    ) async throws
}
