import HTTP
import Values

/// A store of objects that is asked by HTTP, in its own protocol.
protocol RemoteObjects: Sendable {
    var storage: FileStorage { get }
    var calls: StoreCalls { get }
    func upload(_ file: FileOnDisk, sha256: [UInt8], as key: String, mime: String) async throws
    /// Lends the bytes of an object, or a range of them. Throws `FileGone`.
    func download(
        _ key: String, _ range: Range<Int>?, _ pass: nonisolated(nonsending) (IncomingResponse) async throws -> Void
    ) async throws
    /// Without effect when there is none.
    ///
    /// - Parameter size: of the object as far as it is known, in bytes.
    func remove(_ key: String, size: Int) async throws
    /// Where whoever holds the address may bring an object of exactly so many bytes, for so many seconds; nil where the protocol
    /// has none that holds them to it.
    func place(for key: String, size: Int, seconds: Int) throws -> UploadPlace?
    /// An address by which whoever holds it may read an object for so many seconds, without our credentials.
    func address(of object: ObjectOnShow, for seconds: Int) async throws -> String
}

/// An object as a browser that is sent to it is to take it.
struct ObjectOnShow {
    let key: String
    let mime: String
    let name: String
    /// Shown in its place rather than kept.
    let isInline: Bool
}

/// The field that asks for a range (RFC 9110, 14.2).
func rangeFields(_ range: Range<Int>?) -> [(name: String, value: String)] {
    range.map { [("Range", "bytes=\($0.lowerBound)-\($0.upperBound - 1)")] } ?? []
}
