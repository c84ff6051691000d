import Postgres
import Service
import Values

extension Payments {
    /// A product has heard that a refund has failed. By then it may have been sent after all, or be tried again: only while it is
    /// still failed `body` is called, in a transaction with the payment and the refund locked.
    ///
    /// - Parameter body: is given, too, how much of the payment other refunds have given back or are about to, in minor units.
    package func whileFailed(
        _ id: ID<Refund>, _ body: (_ refund: Refund, _ payment: Payment, _ reserved: Int64) async throws -> Void
    ) async throws {
        try await database.transaction { _ in
            let payment = try await lock(try await refund(id).paymentID)
            guard let refund = try await database.first(RefundQueries.lock(id)), refund.state.status == .failed else { return }
            try await body(refund, payment, Int64(try await database.one(RefundQueries.reserved(payment.id))))
        }
    }
}
