import Values

/// The operator pays himself, from his bank: letting a payout go says that he does.
package struct ManualTransfer: PayoutTransfer {
    package let name = "bank"

    package init() {}

    package func takes(_ currency: Currency, to account: PayoutAccount) -> Bool { true }

    package func transfer(_ payout: PayoutOrder) async throws -> PayoutAnswer { .done("MANUAL-\(payout.number)") }

    package func find(_ payout: PayoutOrder) async throws -> PayoutAnswer? { .done("MANUAL-\(payout.number)") }
}
