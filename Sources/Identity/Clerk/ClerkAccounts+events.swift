import Crypto
import JSON
import Jobs
import Postgres
import Service
import Values

/// What webhooks of Clerk change. They never touch grants.
extension ClerkAccounts {
    /// Carries out what a genuine webhook tells; each once, and nothing that is older than what is known.
    func hear(_ event: ClerkEvent) async throws {
        let database = users.database
        try await database.transaction { _ in
            guard try await database.execute(ClerkQueries.note(event, at: users.clock.now())) == 1 else { return }
            switch event.matter {
            case .person(let person): try await take(person)
            case .gone(let subject): try await part(with: subject)
            case .nothing: break
            }
        }
    }

    /// Makes the account of somebody new, and has one that is there follow what Clerk has changed. What its owner has changed
    /// here stays.
    private func take(_ person: ClerkPerson) async throws {
        let database = users.database
        guard let saidAt = person.updatedAt else { return }
        guard let known = try await database.first(ClerkQueries.known(person.subject)) else {
            _ = try await account(of: person, asOf: saidAt)
            return
        }
        if let last = known.saidAt, saidAt <= last { return }
        let old = try ClerkProfile.decode(json: known.profile.bytes)
        var new = person.profile
        if old != new {
            do { try await follow(new, from: old, known.user) } catch let problem as Problem where Self.isTaken(problem) {
                // Somebody here has the address. It counts as not said, so that it is taken up once it is free and said again.
                (new.email, new.phone) = (old.email, old.phone)
                try await follow(new, from: old, known.user)
            }
        }
        try await database.execute(ClerkQueries.keep(JSONText(encoding: new), of: person.subject, saidAt: saidAt))
    }

    private func follow(_ new: ClerkProfile, from old: ClerkProfile, _ id: ID<User>) async throws {
        let now = users.clock.now()
        try await users.change(id, as: "clerk_updated", by: .clerk) { user in
            if user.firstName == old.firstName ?? "" { user.firstName = new.firstName ?? "" }
            if user.lastName == old.lastName ?? "" { user.lastName = new.lastName ?? "" }
            if let email = new.email, email != old.email, user.email == nil || user.email == old.email {
                (user.email, user.emailVerifiedAt) = (email, now)
            }
            if let phone = new.phone, phone != old.phone, user.phone == nil || user.phone == old.phone {
                (user.phone, user.phoneVerifiedAt) = (phone, now)
            }
        }
    }

    /// Why an account is suspended whose owner has left Clerk.
    static let farewell = "deleted at Clerk"

    /// His account at Clerk is no more. An account that came from there is suspended, and erased once nothing stands against
    /// that; one that came otherwise, or acts for others, only loses this way in.
    private func part(with subject: String) async throws {
        let database = users.database
        _ = try await database.all(IdentityQueries.lock(.clerk, subject))
        let now = users.clock.now()
        try await database.execute(ClerkQueries.close(SHA256.digest(of: subject), at: now))
        guard let user = try await database.first(IdentityQueries.owner(.clerk, subject)) else { return }
        try await database.execute(IdentityQueries.drop(of: user.id, .clerk))
        await users.audit.record(AuditEntry("clerk_unlinked", "user", user.id.description), by: .clerk)
        users.grants.forget(user.id)
        guard user.source == Self.source, user.maySignIn, try await !actsForOthers(user.id) else { return }
        try await users.change(user.id, as: "user_suspended", by: .clerk) {
            try $0.suspend(until: nil, reason: Self.farewell)
        }
        try await users.signIns.endAll(of: user.id, reason: "user_suspended", at: now)
        try await jobs.enqueue(
            ClerkJobs.closeAccount, ClerkFarewell(userID: user.id.uuid), dedupe: "clerk-close:\(user.id)")
    }

    /// Erases an account whose owner has left Clerk, unless somebody has lifted its suspension. Throws `deletion_blocked` while
    /// something of his is not done with.
    func close(_ id: ID<User>) async throws {
        let database = users.database
        try await database.transaction { _ in
            guard let user = try await database.first(UserQueries.lock(id)), user.status == .suspended,
                user.statusReason == Self.farewell
            else { return }
            try await users.change(id, as: "user_deleted", by: .clerk) { try $0.delete(at: users.clock.now()) }
            try await users.forgetEverything(of: id, by: .clerk)
            try await users.mayGo(id)
        }
    }
}
