import Postgres
import Support
import Testing

/// Money for people of the board, out of nowhere: a movement of the ledger as a recharge makes it.
enum Purse {
    /// - Parameter person: who has come by already.
    static func fill(_ person: Int, with roubles: Int, in database: Database) async throws {
        let key = "test:\(person):\(roubles)"
        let isFilled = try await database.one(
            Statement<Bool>(
                """
                select payments.post(gen_random_uuid(), 'wallet_filling', 'urgent', \(key), '', x.accounts, x.amounts)
                  from (select array_agg(m.account order by m.account) as accounts,
                               array_agg(m.amount order by m.account) as amounts
                          from (select u.wallet_id as account, \(roubles)::bigint * 100 as amount
                                  from urgent.users u where u.id = \(person)
                                union all
                                select a.id, -\(roubles)::bigint * 100 from payments.accounts a where a.code = 'urgent.63') m) x
                """, .report))
        #expect(isFilled)
    }
}
