import JSON
import Service
import Values

/// How the book is read.
enum LedgerOperations {
    private static let base = PaymentOperations.base + "/ledger"

    static func all(_ payments: Payments) -> [Operation] { accounts(payments) + wallets(payments) }

    private static func accounts(_ payments: Payments) -> [Operation] {
        [
            .list(
                base + "/accounts", "listLedgerAccounts", "Accounts with their balances", tag: "Ledger",
                who: .permission(.financialRead), filter: AccountFilter.self, item: AccountRow.self, sort: ["owner"]
            ) { call, filter, page in
                var filter = filter
                let denied = try narrow(&filter, to: call.caller, payments)
                return Page(
                    try await payments.database.all(LedgerQueries.accounts(filter, besides: denied, page)),
                    total: try await payments.database.one(LedgerQueries.countAccounts(filter, besides: denied)))
            },
            .feed(
                base + "/accounts/{id}/entries", "listLedgerEntries", "Entries of an account, newest first", tag: "Ledger",
                who: .permission(.financialRead), filter: Empty.self, item: EntryView.self
            ) { call, _, request in
                let account = try await account(call, payments)
                try call.caller.require(.financialRead, on: [account.owner])
                return try await entries(of: account, request, payments)
            },
            .get(
                base + "/balance", "getLedgerBalance", "What became of an owner's money, and where he stands", tag: "Ledger",
                who: .permission(.financialRead), query: BalanceQuery.self, answer: LedgerBalance.self
            ) { call, query in
                let owner = Scope(ScopeType(query.ownerType), query.ownerID)
                try call.caller.require(.financialRead, on: [owner])
                let row = try await payments.database.one(
                    LedgerQueries.balance(
                        of: owner, query.currency, from: query.from.map(Instant.init) ?? Instant(secondsSince1970: 0),
                        to: Instant((query.to ?? call.now.day).adding(days: 1))))
                return LedgerBalance(row: row, currency: query.currency)
            },
        ]
    }

    private static func wallets(_ payments: Payments) -> [Operation] {
        [
            .list(
                "/api/v1/wallets", "listWallets", "Own wallets", tag: "Ledger", who: .signedIn, filter: Empty.self,
                item: AccountRow.self, sort: ["owner"]
            ) { call, _, page in
                let owners = [try call.caller.user()]
                call.caller.decidedByOwnership()
                return Page(
                    try await payments.database.all(LedgerQueries.wallets(of: owners, page)),
                    total: try await payments.database.one(LedgerQueries.countWallets(of: owners)))
            }.openWhenLocked(),
            .get(
                "/api/v1/wallets/{id}", "getWallet", "One wallet", tag: "Ledger", who: .signedIn, answer: AccountRow.self
            ) { call in
                try await wallet(call, payments)
            },
            .feed(
                "/api/v1/wallets/{id}/entries", "listWalletEntries", "Movements of a wallet, newest first", tag: "Ledger",
                who: .signedIn, filter: Empty.self, item: EntryView.self
            ) { call, _, request in
                try await entries(of: try await wallet(call, payments), request, payments)
            },
        ]
    }

    /// Whoever reads the book of some scopes sees the accounts of these, one owner at a time.
    ///
    /// - Returns: the owners whose accounts are denied to somebody who reads all others.
    private static func narrow(
        _ filter: inout AccountFilter, to caller: Caller, _ payments: Payments
    ) throws -> [UUID] {
        let reach = try caller.reach(.financialRead)
        if reach.isEverything { return payments.invoices.kinds.scopeTypes.flatMap { reach.deniedIDs(of: $0) } }
        let owners = payments.invoices.kinds.scopeTypes.flatMap { reach.ids(of: $0) }
        if let owner = filter.ownerID {
            guard owners.contains(owner) else { throw HouseProblem.notFound.problem }
        } else {
            guard owners.count == 1 else {
                throw InvalidInput(field: "ownerId", code: "required", message: "Say whose accounts.")
            }
            filter.ownerID = owners[0]
        }
        return []
    }

    private static func account(_ call: Call, _ payments: Payments) async throws -> AccountRow {
        guard let account = try await payments.database.first(LedgerQueries.account(try call.uuid())) else {
            throw HouseProblem.notFound.problem
        }
        return account
    }

    private static func wallet(_ call: Call, _ payments: Payments) async throws -> AccountRow {
        let account = try await account(call, payments)
        guard account.isWallet else { throw HouseProblem.notFound.problem }
        if account.owner.id == (try call.caller.user()) {
            call.caller.decidedByOwnership()
        } else {
            try call.caller.require(.financialRead, on: [account.owner])
        }
        return account
    }

    private static func entries(
        of account: AccountRow, _ request: CursorRequest, _ payments: Payments
    ) async throws -> Feed<EntryView> {
        var before: Int?
        if let cursor = request.cursor {
            guard let id = Int(cursor) else {
                throw InvalidInput(field: "cursor", code: "invalid", message: "Use a cursor of an earlier answer.")
            }
            before = id
        }
        let rows = try await payments.database.all(
            LedgerQueries.entries(of: account.id, before: before, limit: request.limit + 1))
        return Feed(fetched: rows.map { EntryView(entry: $0, unit: account.unit) }, limit: request.limit) {
            String($0.entry.id)
        }
    }
}
