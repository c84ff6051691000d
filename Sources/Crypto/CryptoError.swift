/// Why bytes that came from outside were refused. It never says which byte was wrong: that would be an oracle.
package enum CryptoError: Error, Equatable {
    /// The bytes do not have the form they should have.
    case malformed
    /// They name a key that is not in the ring.
    case unknownKey
    /// A tag or signature does not belong to these bytes.
    case notAuthentic
    /// A key does not have the length or lie on the curve that the algorithm asks for.
    case badKey
}

/// OpenSSL reports 1 for success. With arguments that this module has checked, anything else is a lack of memory or a
/// bug, and no answer computed after it could be trusted.
@inline(__always)
func must(_ result: Int32, _ what: StaticString) {
    guard result == 1 else { fatalError("OpenSSL refused \(what)") }
}
