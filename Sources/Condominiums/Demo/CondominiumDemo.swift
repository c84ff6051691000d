import Identity
import Invoices
import Postgres
import Service
import Values

/// A small believable world to look around in: a company with one condo of forty units, its people, meters, prices, and
/// three months of readings and invoices.
///
/// Loading it again changes nothing. The accounts' password is public: never to be loaded where ENVIRONMENT is production.
package struct CondominiumDemo: Sendable {
    /// Somebody one may sign in as.
    package struct Account: Sendable {
        package let email: String
        package let password: String
        /// What he is, for the reader of the list.
        package let role: String
    }

    static let password = "Birchwood-2025"

    private let module: CondominiumsModule
    private let identity: IdentityModule
    private let database: Database
    private let clock: Clock

    package init(_ module: CondominiumsModule, identity: IdentityModule) {
        self.module = module
        self.identity = identity
        database = module.doors.database
        clock = module.doors.clock
    }

    package static let accounts: [Account] = DemoPerson.all.map {
        Account(email: $0.email, password: password, role: $0.title)
    }

    /// Loads what is not there yet.
    ///
    /// - Returns: the accounts to sign in with.
    package func load() async throws -> [Account] {
        let today = clock.today
        let months = (1...3).reversed().map { today.period.adding(months: -$0) }
        if try await !database.one(DemoQueries.isLoaded) {
            let users = try await makeAccounts()
            try await database.transaction { _ in
                try await database.write(DemoQueries.structure + DemoQueries.people + DemoQueries.metering)
                try await database.write(months.enumerated().map { DemoQueries.readings(of: $1, number: $0 + 1) })
                try await database.write(DemoQueries.lastReadings)
                for (person, user) in zip(DemoPerson.all, users) { try await settle(person, user) }
            }
        }
        for month in months { try await bill(month) }
        return Self.accounts
    }

    private func makeAccounts() async throws -> [ID<User>] {
        var users: [ID<User>] = []
        for person in DemoPerson.all {
            guard let email = EmailAddress(person.email) else { continue }
            if let known = try await identity.users.find(email: email) {
                users.append(known.id)
                continue
            }
            let draft = NewUser(
                email: email, firstName: person.firstName, lastName: person.lastName, locale: .en, source: "demo")
            users.append(try await identity.makeAccount(draft, password: Self.password).id)
        }
        return users
    }

    /// Staff get their role by hand, residents theirs with the home.
    private func settle(_ person: DemoPerson, _ user: ID<User>) async throws {
        switch person.place {
        case .company(let role): _ = try await identity.grants.give(role.name, on: .company(DemoQueries.company), to: user, by: .system)
        case .condo(let role): _ = try await identity.grants.give(role.name, on: .condo(DemoQueries.condo), to: user, by: .system)
        case .unit(let number, let role):
            guard let unit = try await database.first(DemoQueries.unit(number)) else { return }
            let residency = module.doors.residency
            let home = try await residency.hold(user.uuid, movingTo: try await module.doors.units.plain(unit))
            _ = try await residency.moveIn(user.uuid, to: home, as: role, by: .system) { $0.moveInDate = DemoQueries.movedIn }
        }
    }

    private func bill(_ month: Period) async throws {
        if try await database.one(DemoQueries.isBilled(month)) { return }
        let run = try await module.doors.billing.begin(DemoQueries.condo, month, units: nil, by: nil)
        try await module.work.perform(run.id)
    }
}
