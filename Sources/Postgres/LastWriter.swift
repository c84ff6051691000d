/// Writes, as the last statements of a transaction, what was collected during it: what takes locks that others wait for
/// takes them for the shortest time, and in an order of its own choosing.
package protocol LastWriter: AnyObject, Sendable {
    /// - Parameters:
    ///   - collected: in the order given; what was rolled back to a savepoint is not among it.
    ///   - transaction: about to be committed; a failure rolls it back.
    func write(_ collected: [any Sendable], in transaction: Transaction) async throws
}
