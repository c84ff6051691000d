import Postgres
import Service
import Support
import Testing
import Values

@testable import Payments

@Suite struct LedgerTests {
    static let payee = Scope("company", .v7())
    static let wallet = LedgerAccount(owner: payee, code: "wallet", unit: "EUR", isWallet: true, floor: 0)

    private func movement(_ key: String, _ amount: Int64) -> NewTransaction {
        NewTransaction(
            kind: "test", product: "test", object: nil, idempotencyKey: key,
            postings: [Posting(Self.wallet, amount), Posting(.clearing("sandbox", .eur), -amount)])
    }

    private func balance(_ database: Database) async throws -> Int64 {
        try #require(try await database.first(LedgerQueries.account(Self.wallet.id))).balance
    }

    @Test func aKeyIsBookedOnceWhoeverAsks() async throws {
        try await withDatabase { database in
            let ledger = Ledger(database: database)
            let booked = try await race(20) { _ in try await ledger.post(movement("one", 100)) }
            #expect(booked.filter { $0 }.count == 1)
            #expect(try await balance(database) == 100)
        }
    }

    /// 0-platform, scenario 25, with twenty instead of two.
    @Test func aFloorHoldsInAnyInterleaving() async throws {
        try await withDatabase { database in
            let ledger = Ledger(database: database)
            try await ledger.post(movement("fill", 1_000))
            let taken = try await race(20) { index in
                do {
                    try await ledger.post(movement("take \(index)", -300))
                    return true
                } catch PaymentProblem.balanceTooLow {
                    return false
                }
            }
            #expect(taken.filter { $0 }.count == 3)
            #expect(try await balance(database) == 100)
            let sum = try await database.one(
                Statement<Int>("select sum(amount)::bigint from payments.entries where account_id = \(Self.wallet.id)"))
            #expect(sum == 100)
        }
    }

    @Test func oppositeMovementsBetweenTwoAccountsNeverDeadlock() async throws {
        try await withDatabase { database in
            let ledger = Ledger(database: database)
            let other = LedgerAccount(owner: Self.payee, code: "other", unit: "EUR")
            let booked = try await race(40) { index in
                let amount: Int64 = index.isMultiple(of: 2) ? 10 : -10
                return try await ledger.post(
                    NewTransaction(
                        kind: "test", product: "test", object: nil, idempotencyKey: "swing \(index)",
                        postings: [Posting(other, amount), Posting(.commission(.eur), -amount)]))
            }
            #expect(booked.allSatisfy { $0 })
            #expect(try await database.first(LedgerQueries.account(other.id))?.balance == 0)
            #expect(database.metrics.retries == 0)
        }
    }

    /// The parts of a transaction in which a movement and an entry too many are written.
    enum Parts: CaseIterable { case both, movementInSavepoint, entryInSavepoint, checkedBetween }

    @Test(arguments: Parts.allCases)
    func noPartOfATransactionHidesAnEntry(_ parts: Parts) async throws {
        try await withDatabase { database in
            let ledger = Ledger(database: database)
            let entry = Command(
                """
                insert into payments.entries (transaction_id, account_id, amount, balance_after)
                select t.id, \(Self.wallet.id), 5, 0 from payments.transactions t where t.idempotency_key = 'one'
                """)
            for isCrooked in [true, false] {
                func write() async throws {
                    try await database.transaction { _ in
                        if parts == .movementInSavepoint {
                            try await database.transaction { _ in try await ledger.post(movement("one", 100)) }
                        } else {
                            try await ledger.post(movement("one", 100))
                        }
                        if parts == .checkedBetween { try await database.execute(Command("set constraints all immediate")) }
                        guard isCrooked else { return }
                        if parts == .entryInSavepoint {
                            try await database.transaction { _ in try await database.execute(entry) }
                        } else {
                            try await database.execute(entry)
                        }
                    }
                }
                if isCrooked {
                    let error = await #expect(throws: DatabaseError.self) { try await write() }
                    #expect(error?.constraint == "ledger_zero_sum")
                } else {
                    try await write()
                }
            }
            #expect(try await balance(database) == 100)
            #expect(try await database.all(LedgerQueries.differences).isEmpty)
        }
    }

    /// An account that comes several times in a movement, and in several movements of one statement.
    @Test func everyEntryTellsWhatItsAccountHadAfterIt() async throws {
        try await withDatabase { database in
            let ledger = Ledger(database: database)
            let clearing = LedgerAccount.clearing("sandbox", .eur)
            try await ledger.post(
                NewTransaction(
                    kind: "test", product: "test", object: nil, idempotencyKey: "one",
                    postings: [
                        Posting(Self.wallet, 500), Posting(clearing, -500), Posting(Self.wallet, -150), Posting(clearing, 150),
                    ]))
            let count = 3
            try await database.transaction { _ in
                try await database.execute(LedgerQueries.lock([Self.wallet.id, clearing.id]))
                _ = try await database.all(
                    Statement<Bool>(
                        """
                        select payments.post_many(
                            \((0..<count).map { _ in UUID.v7() })::uuid[], 'test', 'test', \((0..<count).map { "many \($0)" })::text[],
                            \(Array(repeating: Self.wallet.id, count: count))::uuid[],
                            \(Array(repeating: clearing.id, count: count))::uuid[], 100) is null
                        """, .change))
            }
            for (account, amounts) in [(Self.wallet, [500, -150, -100, -100, -100]), (clearing, [-500, 150, 100, 100, 100])] {
                let entries = try await database.all(
                    Statement<EntryLine>(
                        "select amount, balance_after from payments.entries where account_id = \(account.id) order by id"))
                #expect(entries.map(\.amount) == amounts)
                #expect(entries.map(\.after) == amounts.indices.map { amounts[...$0].reduce(0, +) })
            }
            #expect(try await balance(database) == 50)
            #expect(try await database.all(LedgerQueries.differences).isEmpty)
        }
    }

    private struct EntryLine: Row {
        let amount, after: Int

        init(_ row: inout RowReader) throws {
            amount = try row.next()
            after = try row.next()
        }
    }

    /// Whoever did not lock his accounts, and writes by what he had read of them, is to try again.
    @Test func anEntryByAnOldBalanceIsRefused() async throws {
        try await withDatabase { database in
            let ledger = Ledger(database: database)
            try await ledger.post(movement("one", 100))
            for wrong in [[(99, -100)], [(101, -101), (99, -101)], [(0, 0)]] as [[(Int, Int)]] {
                let id = UUID.v7()
                let error = await #expect(throws: DatabaseError.self) {
                    try await database.execute(
                        Command(
                            """
                            with t as (
                                insert into payments.transactions (id, kind, product, idempotency_key) values (\(id), 'x', 'x', \("\(id)"))
                                returning id)
                            insert into payments.entries (transaction_id, account_id, amount, balance_after)
                            select t.id, p.account, p.amount, p.after
                              from t, unnest(
                                \(wrong.flatMap { _ in [Self.wallet.id, LedgerAccount.clearing("sandbox", .eur).id] })::uuid[],
                                \(wrong.flatMap { _ in [1, -1] })::bigint[], \(wrong.flatMap { [$0.0, $0.1] })::bigint[]
                              ) as p (account, amount, after)
                            """))
                }
                #expect(error?.state == "40001", "\(wrong)")
            }
            #expect(try await balance(database) == 100)
            #expect(try await database.all(LedgerQueries.differences).isEmpty)
        }
    }

    @Test func theDatabaseRefusesWhatIsNotBalancedOrChanged() async throws {
        try await withDatabase { database in
            let ledger = Ledger(database: database)
            try await ledger.post(movement("one", 100))
            let crooked = NewTransaction(kind: "x", product: "x", object: nil, idempotencyKey: "crooked", postings: [Posting(Self.wallet, 5)])
            let commands: [(Command, String)] = [
                (LedgerQueries.post([crooked], now: .now), "ledger_zero_sum"),
                // An entry that comes to a movement afterwards, and a movement without any.
                (
                    Command(
                        """
                        insert into payments.entries (transaction_id, account_id, amount, balance_after)
                        select t.id, \(Self.wallet.id), 5, 0 from payments.transactions t limit 1
                        """), "ledger_zero_sum"
                ),
                (
                    Command(
                        """
                        insert into payments.transactions (id, kind, product, idempotency_key)
                        values (gen_random_uuid(), 'x', 'x', 'empty')
                        """), "ledger_zero_sum"
                ),
                (Command("update payments.entries set amount = 1"), "ledger_append_only"),
                (Command("delete from payments.entries"), "ledger_append_only"),
                (Command("truncate payments.entries"), "ledger_append_only"),
                (Command("delete from payments.transactions"), "ledger_append_only"),
                (Command("update payments.transactions set description = 'x'"), "ledger_append_only"),
                (Command("update payments.accounts set balance = 5"), "ledger_append_only"),
            ]
            for (command, constraint) in commands {
                let error = await #expect(throws: DatabaseError.self) { try await database.execute(command) }
                #expect(error?.constraint == constraint)
            }
            #expect(try await balance(database) == 100)
            #expect(try await database.all(LedgerQueries.differences).isEmpty)
            try await database.write(
                Command("set local session_replication_role = replica"),
                Command("update payments.accounts set balance = balance + 7 where id = \(Self.wallet.id)"))
            let found = try await database.all(LedgerQueries.differences)
            #expect(found.map(\.difference) == [7], "the nightly look finds what went behind the program's back")
        }
    }
}
