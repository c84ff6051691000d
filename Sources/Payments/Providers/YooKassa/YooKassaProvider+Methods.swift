import Service
import Values

/// It keeps what was paid by where the payer wanted it (`save_payment_method`), and knows nobody's methods otherwise.
extension YooKassaProvider: MethodKeeper {
    /// It has no customers: ours are theirs.
    package func customer(for payer: Payer, key: UUID) async throws -> String { payer.id?.description ?? "\(key)" }

    package func attach(_ token: String, to customer: String) async throws -> KeptMethod {
        throw ProviderRefusal(code: "not_attachable", reason: "kept with a payment only")
    }

    /// It forgets what is not used any more by itself.
    package func detach(_ methodID: String) async throws {}
}
