import Identity
import Postgres
import Service
import Values

/// Accounts and grants as the product gives and takes them.
struct People: Sendable {
    let database: Database
    let users: Users
    let grants: Grants

    /// Somebody named by his address gets a role; an unknown one gets an account and a link to set its password.
    func appoint(
        _ role: Role, _ email: String?, _ name: String?, on scope: Scope, by author: Author
    ) async throws {
        guard let email, let address = EmailAddress(email) else { return }
        let words = (name ?? "").split(separator: " ", maxSplits: 1).map(String.init)
        let (user, _) = try await users.findOrCreate(
            NewUser(
                email: address, firstName: words.first ?? "", lastName: words.count > 1 ? words[1] : "",
                source: "condominiums"), by: author.caller)
        try await grants.give(role.name, on: scope, to: user.id, by: author.trail)
    }

    /// Refuses whoever has had his account erased: he lives and works nowhere. Asked before the place is given, since his
    /// account is locked before units.
    func hold(_ user: UUID) async throws {
        guard try await users.hold(ID(user)) else { throw UserProblem.userDeleted }
    }

    /// The account that a body names by its id, for the owner of its address alone.
    func named(_ id: UUID, by giver: Caller) async throws -> UUID {
        guard try await users.findOwned(ID(id), by: giver) != nil else {
            throw InvalidInput(field: "userId", code: "unknown", message: "There is no such user.")
        }
        return id
    }

    /// A company, condo, house or unit ceases to be, with everything below it: spec 4.13. Refused while money is open.
    func close(_ scope: Scope, at moment: Instant, by author: Author) async throws {
        guard let id = scope.id else { return }
        let closing = ClosingQueries(scope: scope.type, id: id, moment: moment)
        for lock in closing.locks { _ = try await database.one(lock) }
        if try await database.one(closing.hasOpenInvoices) { throw CompanyProblem.openInvoices }
        let scopes = try await database.all(closing.scopes).map(\.scope)
        try await database.write(closing.commands)
        try await grants.withdrawAll(on: scopes, by: author.trail)
    }
}
