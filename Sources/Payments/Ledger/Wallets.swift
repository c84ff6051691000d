import Postgres
import Service
import Values

/// The door of wallets: what their owners may spend, and what is set aside of it. Every movement is a transaction of the ledger,
/// written in the caller's own transaction, once per key.
package struct Wallets: Sendable {
    let ledger: Ledger

    package init(ledger: Ledger) { self.ledger = ledger }

    /// Why a wallet moves.
    package struct Reason: Sendable {
        let product: String
        let object: Scope?
        /// Unique for good.
        let key: String
        let description: String
        let by: UUID?

        package init(_ product: String, _ object: Scope?, key: String, description: String = "", by: UUID? = nil) {
            self.product = product
            self.object = object
            self.key = key
            self.description = description
            self.by = by
        }
    }

    /// Moves an amount out of a wallet. Throws `balance_too_low`.
    ///
    /// - Returns: false when this key has moved it already.
    @discardableResult
    package func pay(
        _ amount: Int64, from wallet: LedgerAccount, to account: LedgerAccount, _ reason: Reason
    ) async throws -> Bool {
        precondition(amount > 0, "a wallet pays what is above zero")
        return try await post("wallet_payment", [Posting(wallet, -amount), Posting(account, amount)], reason)
    }

    /// Moves an amount into a wallet.
    @discardableResult
    package func fill(
        _ amount: Int64, of wallet: LedgerAccount, from account: LedgerAccount, _ reason: Reason
    ) async throws -> Bool {
        precondition(amount > 0, "a wallet is filled with what is above zero")
        return try await post("wallet_filling", [Posting(account, -amount), Posting(wallet, amount)], reason)
    }

    /// Sets an amount aside: it cannot be spent any more, and is not gone yet. The reason's key names the hold. Throws
    /// `balance_too_low`.
    @discardableResult
    package func hold(_ amount: Int64, of wallet: LedgerAccount, _ reason: Reason) async throws -> Bool {
        precondition(amount > 0, "what is held is above zero")
        return try await post("hold", [Posting(wallet, -amount), Posting(.held(wallet), amount)], reason)
    }

    /// Ends a hold by taking all of it or a part; the rest is the wallet's again. A hold ends once: throws `already_decided`.
    ///
    /// - Parameters:
    ///   - key: the hold's.
    ///   - reason: of the taking, with a key of its own.
    package func take(
        _ part: Int64? = nil, of key: String, from wallet: LedgerAccount, to account: LedgerAccount, _ reason: Reason
    ) async throws {
        let hold = try await known(key, wallet)
        let taken = part ?? hold.amount
        guard taken > 0, taken <= hold.amount else { throw PaymentProblem.amountMismatch }
        let postings = [
            Posting(.held(wallet), -hold.amount), Posting(account, taken), Posting(wallet, hold.amount - taken),
        ]
        try await post("hold_taken", postings, reason, ending: hold.id)
    }

    /// Ends a hold by letting all of it go. Throws `already_decided`.
    package func release(_ key: String, of wallet: LedgerAccount, _ reason: Reason) async throws {
        let hold = try await known(key, wallet)
        try await post(
            "hold_released", [Posting(.held(wallet), -hold.amount), Posting(wallet, hold.amount)], reason, ending: hold.id)
    }

    /// Staff correct a wallet, up or down. Throws `balance_too_low`.
    func adjust(_ amount: Int64, of wallet: AccountRow, _ reason: Reason) async throws {
        let account = LedgerAccount(
            owner: wallet.owner, code: wallet.code, unit: wallet.unit, isWallet: true, floor: wallet.floor)
        try await adjust(amount, of: account, reason)
    }

    /// The same by staff of a product. Throws `balance_too_low`.
    ///
    /// - Returns: false when this key has moved it already.
    @discardableResult
    package func adjust(_ amount: Int64, of wallet: LedgerAccount, _ reason: Reason) async throws -> Bool {
        try await post("adjustment", [Posting(wallet, amount), Posting(.adjustments(wallet.unit), -amount)], reason)
    }

    /// A payment of a product goes back to its payer: what it had brought the wallet is what the platform owes him until the
    /// provider has sent it. With an amount below zero it stays the wallet's after all. Throws `balance_too_low`.
    ///
    /// - Returns: false when this key has moved it already.
    @discardableResult
    package func giveBack(_ amount: Int64, from wallet: LedgerAccount, _ currency: Currency, _ reason: Reason) async throws -> Bool {
        try await post(
            "payment_refund", [Posting(wallet, -amount), Posting(.payable(wallet.owner, currency), amount)], reason)
    }

    private func known(_ key: String, _ wallet: LedgerAccount) async throws -> HoldRow {
        guard let hold = try await ledger.database.first(LedgerQueries.hold(key, of: wallet.id)) else {
            throw HouseProblem.notFound.problem
        }
        return hold
    }

    @discardableResult
    private func post(
        _ kind: String, _ postings: [Posting], _ reason: Reason, ending hold: UUID? = nil
    ) async throws -> Bool {
        do {
            return try await ledger.post(
                NewTransaction(
                    kind: kind, product: reason.product, object: reason.object, idempotencyKey: reason.key,
                    description: reason.description, postings: postings, reverses: hold, createdBy: reason.by))
        } catch let error as DatabaseError where error.violates("transactions_reverses_unique") {
            throw PaymentProblem.decidedTwice
        }
    }
}

/// A hold as the book has it.
struct HoldRow: Row {
    let id: UUID
    let amount: Int64

    init(_ row: inout RowReader) throws {
        id = try row.next()
        amount = try row.next()
    }
}
