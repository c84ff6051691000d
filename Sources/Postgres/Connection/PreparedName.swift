import Glibc

/// The name of a statement prepared on one connection. No name is used twice, so that what became of an earlier one
/// never matters.
final class PreparedName {
    let name: UnsafeMutablePointer<CChar>
    /// Counts up with every use on the connection.
    var lastUse: UInt64 = 0

    init(number: UInt64) { name = strdup("s\(number)") }

    deinit { free(name) }
}
