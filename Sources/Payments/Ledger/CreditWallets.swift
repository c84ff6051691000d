import Identity
import Notifications
import Postgres
import Service
import Values

/// Pays short messages of scopes from their wallets of credits (0-platform, 4.8): set aside, used up or given back, each by a
/// movement of the ledger.
///
/// The payer is the nearest scope, from the sender upwards, of a type that the operator has named: a condo's messages are its
/// company's to pay where companies pay. Staff open the wallets and fill them.
package struct CreditWallets: CreditMeter {
    package static let unit = "sms_credit"

    package let scopeTypes: Set<ScopeType>
    private let payers: Set<ScopeType>
    private let ledger: Ledger
    private let scopes: ScopeTree

    /// - Parameters:
    ///   - payers: types of scope that pay; none: nobody does.
    ///   - kinds: how the scopes of the products stand to each other.
    package init(_ ledger: Ledger, payers: Set<ScopeType>, kinds: [ScopeKind]) {
        self.ledger = ledger
        self.payers = payers
        scopes = ScopeTree(database: ledger.database, kinds: kinds)
        let parents = Dictionary(kinds.map { ($0.type, $0.parent) }) { first, _ in first }
        scopeTypes = Set(
            kinds.map(\.type).filter { type in
                sequence(first: type) { parents[$0] ?? nil }.contains(where: payers.contains)
            })
    }

    /// The wallet of somebody who pays; nil for a scope that does not, or is not there.
    func wallet(of owner: Scope) async throws -> LedgerAccount? {
        guard payers.contains(owner.type), try await scopes.exists(owner) else { return nil }
        return .wallet(owner, Self.unit)
    }

    package func reserve(_ messages: [MessageCredits], of scope: Scope) async throws {
        guard let payer = try await scopes.path(of: scope).first(where: { payers.contains($0.type) }) else {
            throw HouseProblem.notFound.problem
        }
        let wallet = LedgerAccount.wallet(payer, Self.unit)
        do {
            try await ledger.post(
                messages.map { one in
                    movement(
                        "hold", Self.key(one.message), of: one.message,
                        [Posting(wallet, -Int64(one.credits)), Posting(.held(wallet), Int64(one.credits))])
                })
        } catch PaymentProblem.balanceTooLow {
            throw MessagingProblem.creditsInsufficient.problem
        }
    }

    package func commit(_ messages: [UUID]) async throws {
        try await ledger.post(
            try await holds(of: messages).compactMap { message, hold in
                guard hold.end == nil else { return nil }
                return movement(
                    "hold_taken", "sms_used:\(message)", of: message,
                    [Posting(.held(hold.wallet), -hold.amount), Posting(.used(hold.wallet), hold.amount)], ending: hold.id)
            })
    }

    package func release(_ messages: [UUID]) async throws {
        try await ledger.post(
            try await holds(of: messages).compactMap { message, hold in
                let (from, ended): (LedgerAccount, UUID)
                switch hold.end {
                case nil: (from, ended) = (.held(hold.wallet), hold.id)
                case (let taking, "hold_taken")?: (from, ended) = (.used(hold.wallet), taking)
                default: return nil
                }
                return movement(
                    "hold_released", "sms_returned:\(message)", of: message,
                    [Posting(from, -hold.amount), Posting(hold.wallet, hold.amount)], ending: ended)
            })
    }

    private static func key(_ message: UUID) -> String { "sms:\(message)" }

    private func holds(of messages: [UUID]) async throws -> [(message: UUID, hold: KnownHold)] {
        let byKey = Dictionary(messages.map { (Self.key($0), $0) }) { first, _ in first }
        return try await ledger.database.all(LedgerQueries.holds(Array(byKey.keys))).compactMap { hold in
            byKey[hold.key].map { ($0, hold) }
        }
    }

    private func movement(
        _ kind: String, _ key: String, of message: UUID, _ postings: [Posting], ending ended: UUID? = nil
    ) -> NewTransaction {
        NewTransaction(
            kind: kind, product: "messaging", object: Scope("notification", message), idempotencyKey: key, postings: postings,
            reverses: ended)
    }
}

/// A hold on a wallet of credits, as the book has it.
struct KnownHold: Row {
    let id: UUID
    let key: String
    let wallet: LedgerAccount
    let amount: Int64
    /// The movement that has ended it, and its kind.
    let end: (UUID, String)?

    init(_ row: inout RowReader) throws {
        id = try row.next()
        key = try row.next()
        let owner = Scope(ScopeType(try row.next()), try row.next() as UUID?)
        let unit: String = try row.next()
        wallet = .wallet(owner, unit)
        amount = try row.next()
        let ending: UUID? = try row.next()
        let kind: String? = try row.next()
        end = ending.flatMap { ending in kind.map { (ending, $0) } }
    }
}
