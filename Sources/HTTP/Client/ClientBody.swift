/// A body that is read while it is sent, a piece at a time. Its length is known from the start.
package struct ClientBody: Sendable {
    /// So many bytes from a place on; never fewer, since the length has been promised. Asked for the same place again where
    /// the request is repeated.
    package typealias Read = nonisolated(nonsending) @Sendable (_ offset: Int, _ count: Int) async throws -> [UInt8]

    /// Bytes that are in memory at once.
    static let piece = 128 * 1024

    let length: Int
    let read: Read

    package init(length: Int, read: @escaping Read) {
        self.length = length
        self.read = read
    }
}
