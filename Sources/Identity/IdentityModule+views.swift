import Postgres
import Service
import Values

extension IdentityModule {
    /// The account of whoever calls.
    func user(of call: Call) async throws -> User {
        guard let user = try await users.find(ID(try call.caller.user())) else { throw HouseProblem.unauthorized.problem }
        return user
    }

    func view(_ user: User) async throws -> UserView {
        UserView(user, grants: try await grants.live(of: user.id), roles: book)
    }

    /// A person as the staff of scopes sees him, with his grants within a condition on them.
    func personView(_ user: User, within: SQL) async throws -> PersonView {
        PersonView(user, grants: try await grants.live(of: user.id, within: within))
    }

    /// A page of people with the grants of all of them, within a condition, read at once.
    func personViews(_ page: Page<User>, within: SQL) async throws -> Page<PersonView> {
        let held = try await grants.live(ofAll: page.items.map(\.id), within: within)
        let grants = Dictionary(grouping: held, by: \.user)
        return Page(page.items.map { PersonView($0, grants: grants[$0.id] ?? []) }, total: page.total)
    }

    /// A page with the grants of all its accounts read at once.
    func views(_ page: Page<User>) async throws -> Page<UserView> {
        Page(try await views(page.items), total: page.total)
    }

    func views(_ users: [User]) async throws -> [UserView] {
        let grants = Dictionary(grouping: try await grants.live(ofAll: users.map(\.id)), by: \.user)
        return users.map { UserView($0, grants: grants[$0.id] ?? [], roles: book) }
    }

    func staffView(_ user: User) async throws -> StaffUserView {
        let grants = try await grants.live(of: user.id)
        return StaffUserView(
            user: UserView(user, grants: grants, roles: book), grants: grants.map { GrantView($0, roles: book) },
            signIns: try await signIns.live(of: user.id).map { LiveFamilyView($0, current: nil) },
            sections: try await accountSections.shown(of: user.id))
    }
}

extension Users {
    func existing(_ id: ID<User>) async throws -> User {
        guard let user = try await find(id) else { throw HouseProblem.notFound.problem }
        return user
    }
}
