import Postgres
import Service
import Values

/// What payers save at providers.
extension Payments {
    /// Saves what the payer's client got from a provider. Asks outside, in no transaction; again the same when repeated.
    func save(_ body: NewMethodBody, by user: UUID, as effect: Effect) async throws -> SavedMethod {
        guard let keeper = providers.keeper(body.provider) else { throw PaymentProblem.methodsNotKept.on("provider") }
        let customer = try await customer(of: user, at: body.provider, keeper, key: effect.id)
        let kept = try await keeper.attach(body.token, to: customer)
        return try await database.transaction { _ in
            _ = try await database.first(MethodQueries.lock(user))
            let id = ID<SavedMethod>(effect.id)
            let statement = MethodQueries.keep(id, kept, of: user, at: body.provider, now: clock.now())
            guard let saved = try await database.first(statement) else { throw PaymentProblem.providerRefused }
            return try await method(saved, of: user)
        }
    }

    func customer(
        of user: UUID, at provider: String, _ keeper: any MethodKeeper, key: UUID
    ) async throws -> String {
        if let known = try await database.first(MethodQueries.customer(of: user, at: provider)) { return known }
        let made = try await keeper.customer(for: try await payer(user), key: key)
        try await database.execute(MethodQueries.keep(made, of: user, at: provider))
        // Another request may have been first.
        return try await database.one(MethodQueries.customer(of: user, at: provider))
    }

    func method(_ id: ID<SavedMethod>, of user: UUID) async throws -> SavedMethod {
        guard let method = try await database.first(MethodQueries.method(id, of: user)) else {
            throw HouseProblem.notFound.problem
        }
        return method
    }

    /// One is what the payer pays by as a rule, whatever is chosen at once.
    func makeDefault(_ id: ID<SavedMethod>, of user: UUID) async throws -> SavedMethod {
        try await database.transaction { _ in
            _ = try await database.first(MethodQueries.lock(user))
            _ = try await method(id, of: user)
            try await database.execute(MethodQueries.dropDefault(of: user, now: clock.now()))
            try await database.execute(MethodQueries.makeDefault(id, now: clock.now()))
            return try await method(id, of: user)
        }
    }

    /// It cannot be paid by any more; a job tells the provider.
    func deleteMethod(_ id: ID<SavedMethod>, of user: UUID) async throws {
        try await database.transaction { _ in
            _ = try await database.first(MethodQueries.lock(user))
            _ = try await method(id, of: user)
            try await database.execute(MethodQueries.delete(id, now: clock.now()))
            try await followUp.methodDeleted(id)
        }
    }

    /// Tells the provider that it has been let go. Repeatable.
    func detach(_ id: ID<SavedMethod>) async throws {
        guard let method = try await database.first(MethodQueries.deleted(id)),
            let keeper = providers.keeper(method.provider)
        else { return }
        try await keeper.detach(method.methodID)
    }
}
