import JSON
import Postgres
import Realtime
import Service
import Values

/// The book. Whoever moves money writes it here, in the transaction that moves it.
package struct Ledger: Sendable {
    let database: Database
    let clock: Clock
    private let rooms: RoomEvents

    package init(database: Database, clock: Clock = .system) {
        self.database = database
        rooms = RoomEvents(database: database)
        self.clock = clock
    }

    /// Writes a movement, once per key, in one round trip.
    ///
    /// - Returns: false when a movement of this key stands in the book already; nothing is written then. Throws
    ///   `balance_too_low` when an account would fall below its floor.
    @discardableResult
    package func post(_ transaction: NewTransaction) async throws -> Bool {
        let wallets = transaction.postings.filter { $0.amount != 0 && $0.isOfUser }
        if wallets.isEmpty { return try await write([transaction]) }
        return try await database.transaction { _ in
            guard try await write([transaction]) else { return false }
            try await tell(transaction, wallets)
            return true
        }
    }

    /// Writes movements of accounts that nobody's sockets hear of, each once per key, all in one round trip. Throws
    /// `balance_too_low` when an account would fall below its floor.
    package func post(_ transactions: [NewTransaction]) async throws {
        for transaction in transactions {
            precondition(!transaction.postings.contains(where: \.isOfUser), "wallets of people are told of one by one")
        }
        _ = try await write(transactions)
    }

    /// Opens accounts that are to be posted to by a function of the database (`payments.post`), where they are not there yet.
    ///
    /// - Returns: how many were opened.
    @discardableResult
    package func open(_ accounts: [LedgerAccount]) async throws -> Int {
        try await database.execute(LedgerQueries.open(accounts.sorted { $0.id < $1.id }))
    }

    /// False when there was something to write and nothing has been: the keys have been used.
    private func write(_ transactions: [NewTransaction]) async throws -> Bool {
        for transaction in transactions {
            precondition(transaction.postings.isBalanced, "postings of \(transaction.kind) do not sum to zero")
        }
        let moving = transactions.filter { $0.postings.contains { $0.amount != 0 } }
        if moving.isEmpty { return true }
        // One order for everybody, so that no two postings wait for each other in a circle.
        let accounts = Set(moving.flatMap(\.postings).filter { $0.amount != 0 }.map(\.account)).sorted { $0.id < $1.id }
        do {
            let (_, _, entries) = try await database.write(
                LedgerQueries.open(accounts), LedgerQueries.lock(accounts.map(\.id)), LedgerQueries.post(moving, now: clock.now()))
            return entries > 0
        } catch let error as DatabaseError where error.violates("accounts_floor") {
            throw PaymentProblem.balanceTooLow
        }
    }

    /// The owners of wallets hear what has moved, and what is in them now.
    private func tell(_ transaction: NewTransaction, _ postings: [Posting]) async throws {
        let amounts = Dictionary(postings.map { ($0.account.id, $0.amount) }, uniquingKeysWith: +)
        for wallet in try await database.all(LedgerQueries.accounts(postings.map(\.account.id))) {
            let news = WalletNews(wallet: wallet, kind: transaction.kind, amount: amounts[wallet.id] ?? 0)
            if let owner = wallet.owner.id { try await rooms.emit("wallet:updated", to: "user:\(owner)", news) }
        }
    }
}

extension Posting {
    /// It moves somebody's own wallet.
    fileprivate var isOfUser: Bool { account.isWallet && account.owner.type == "user" }
}

/// What somebody's sockets hear of his wallet.
private struct WalletNews: WireOutput {
    let wallet: AccountRow
    let kind: String
    let amount: Int64

    static let shape = Shape<WalletNews>(
        output: "WalletNews",
        Field("walletId", { $0.wallet.id }), Field("kind", { $0.kind }),
        Field("amount", { UnitAmount(value: $0.amount, unit: $0.wallet.unit) }, doc: "Below zero for what was taken"),
        Field("balance", { UnitAmount(value: $0.wallet.balance, unit: $0.wallet.unit) }),
        Field("unit", { $0.wallet.unit }, doc: "An ISO 4217 code, or a unit of credit"))
}
