import Identity
import Payments
import Postgres
import Service
import Telegram
import Values

/// Makes people known on the board: an account of the platform, a wallet, and a row, the first time Telegram vouches for
/// them; what Telegram says of them newly is kept. The row is the Telegram id's for good; account and wallet are those that the
/// id has on the platform now.
struct Arrivals: Sendable {
    /// How often it is noted that somebody was seen.
    static let seenEvery = Duration.minutes(5)

    /// What those have whose account is another Telegram's: never anything.
    static let noPurse = LedgerAccount(owner: .platform, code: "urgent.nobody", unit: Currency.rub.code, floor: 0)

    let database: Database
    let accounts: TelegramAccounts
    let ledger: Ledger
    /// The board's bot, as the program calls it.
    let bot: String
    let admins: Set<Int>

    /// Of several first requests at once one makes the row.
    ///
    /// - Parameter end: when the proof is too old.
    /// - Throws: `CredentialsRefused` for somebody who has no account and gets none; where guests are admitted he is one.
    func arrive(_ person: TelegramPerson, until end: Instant) async throws -> Principal {
        let profile = TelegramFacts(person)
        if let known = try await database.first(UserQueries.arrival(profile)), known.isUnchanged {
            return principal(known, end)
        }
        for _ in 0..<3 {
            let account = try await account(of: person)
            guard account.maySignIn else { break }
            guard try await settle(profile, at: account.id.uuid) else { continue }
            if let known = try await database.first(UserQueries.arrival(profile)) { return principal(known, end) }
        }
        throw CredentialsRefused(UrgentProblem.invalidInitData.problem)
    }

    private func account(of person: TelegramPerson) async throws -> User {
        do {
            return try await accounts.account(of: person, by: bot, from: Origin(address: "", client: "Telegram Mini App"))
        } catch let refusal as Problem {
            throw CredentialsRefused(refusal)
        }
    }

    /// The person has this account on the board, and its wallet, from now on; whoever had them has left them.
    ///
    /// - Returns: false when the account is not his any more.
    private func settle(_ profile: TelegramFacts, at account: UUID) async throws -> Bool {
        let wallet = LedgerAccount.wallet(Scope("user", account), .rub)
        let role: UrgentRole = admins.contains(profile.id) ? .admin : .user
        return try await database.transaction { _ in
            guard try await accounts.keep(Int64(profile.id))?.uuid == account else { return false }
            try await ledger.open([wallet, Self.noPurse])
            try await database.write(
                UserQueries.lock(profile.id, andHolderOf: account),
                UserQueries.leave(account, for: profile.id, purse: Self.noPurse.id),
                UserQueries.arrive(profile, account: account, wallet: wallet.id, role: role))
            return true
        }
    }

    private func principal(_ known: Arrival, _ end: Instant) -> Principal {
        // What staff may do is asked of the row with every change; the grant says who sees what when he reads.
        let grants = known.role == .user ? [] : [
            Grant(role: known.role.grantName, level: 0, scope: .platform, permissions: PermissionSet(role: []))
        ]
        return Principal(
            kind: .user, userID: known.account, name: known.firstName, grants: grants, sessionID: nil, expiresAt: end,
            externalID: Int64(known.id))
    }
}
