/// How far a transaction is kept from others (manual, 13.2).
package enum Isolation: Sendable {
    case readCommitted
    case repeatableRead
    case serializable
    /// Repeatable read that writes nothing: a consistent view over several statements.
    case snapshot

    var begin: SQL {
        switch self {
        case .readCommitted: "begin"
        case .repeatableRead: "begin isolation level repeatable read"
        case .serializable: "begin isolation level serializable"
        case .snapshot: "begin isolation level repeatable read, read only"
        }
    }
}
