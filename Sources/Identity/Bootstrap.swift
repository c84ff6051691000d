import Postgres
import Service
import Values

/// The account that a new installation begins with.
package struct Bootstrap: Sendable {
    package let email: EmailAddress
    package let password: String

    /// The pair that every installation outside production has; production refuses it.
    package static let seed = Bootstrap(email: EmailAddress("admin@studyspot.com")!, password: "Admin@123")

    package init(email: EmailAddress, password: String) {
        self.email = email
        self.password = password
    }
}

extension IdentityModule {
    /// Makes the first super administrator when there is none and nobody has the address. Two instances at once make one.
    func bootstrapAdministrator() async throws {
        guard let bootstrap = options.bootstrap else { return }
        if try await database.first(GrantQueries.superAdmins()) != nil { return }
        let hash = try await passwords.hash(bootstrap.password)
        try await database.transaction { _ in
            _ = try await database.first(GrantQueries.lockSuperAdmins())
            if try await database.first(GrantQueries.superAdmins()) != nil { return }
            let user = try await administrator(bootstrap, hash: hash)
            try await grants.give(Role.superAdmin, on: .platform, to: user.id, by: .system)
            await audit.record(AuditEntry("bootstrap", "user", user.id.description, scope: .platform), by: .system)
        }
    }

    /// Somebody who has registered with the address before is asked to choose a password by mail, unless he has proved
    /// that it is his.
    private func administrator(_ bootstrap: Bootstrap, hash: String) async throws -> User {
        if let user = try await users.find(email: bootstrap.email) { return try await users.handOver(user, by: nil) }
        let now = clock.now()
        var user = NewUser(email: bootstrap.email, firstName: "Administrator", source: "bootstrap")
            .user(status: .active, passwordHash: hash, at: now)
        user.mustChangePassword = true
        user.confirmEmail(at: now)
        try await users.insert(user)
        return user
    }
}
