import Identity
import Payments
import Postgres
import Service
import Telegram
import Values

/// Makes people known on the board: an account of the platform, a wallet, and a row, the first time Telegram vouches for
/// them; what Telegram says of them newly is kept.
struct Arrivals: Sendable {
    /// How often it is noted that somebody was seen.
    static let seenEvery = Duration.minutes(5)

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
        let account: User
        do {
            account = try await accounts.account(of: person, by: bot, from: Origin(address: "", client: "Telegram Mini App"))
        } catch let refusal as Problem {
            throw CredentialsRefused(refusal)
        }
        guard account.maySignIn else { throw CredentialsRefused(UrgentProblem.invalidInitData.problem) }
        let wallet = LedgerAccount.wallet(Scope("user", account.id.uuid), .rub)
        let role: UrgentRole = admins.contains(profile.id) ? .admin : .user
        try await database.transaction { _ in
            try await ledger.open([wallet])
            try await database.execute(UserQueries.arrive(profile, account: account.id.uuid, wallet: wallet.id, role: role))
        }
        guard let known = try await database.first(UserQueries.arrival(profile)) else {
            throw CredentialsRefused(UrgentProblem.invalidInitData.problem)
        }
        return principal(known, end)
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
