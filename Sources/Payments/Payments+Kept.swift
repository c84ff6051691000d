import Values

/// Payments kept in memory: one that has ended under `payment:{id}`, the list of a payer under `payments:user:{id}`
/// (0-platform, 4.12). Both are kept for the payer alone; what staff see hangs on more than the payment.
extension Payments {
    /// Drops what is kept of a payment. Called in the transaction of every change that its view shows.
    func forget(_ id: ID<Payment>, of payer: UUID?) async throws {
        // What nobody has paid for nobody has been shown from memory.
        guard let payer else { return }
        try await cache.del("payment:\(id)", "payments:user:\(payer)")
    }

    func forget(_ id: ID<Payment>) async throws {
        try await forget(id, of: try await database.first(PaymentQueries.payer(of: id)) ?? nil)
    }
}
