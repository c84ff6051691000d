import Crypto
import Files
import Identity
import Invoices
import Jobs
import Postgres
import Service
import Tickets
import Values

/// The product's doors, made from what it is given. They stand before the Invoices module, whose kinds they bring.
package struct CondominiumsDoors: Sendable {
    let companies: Companies
    let condos: Condos
    let buildings: Buildings
    let entrances: Entrances
    let unitTypes: UnitTypes
    let units: Units
    let residents: Residents
    let invites: Invites
    let meterTypes: MeterTypes
    let meters: Meters
    let readings: Readings
    let tariffs: Tariffs
    let billing: Billing
    let polls: Polls
    let ballots: Ballots
    let staff: StaffBook
    let notices: InvoiceNotices
    let residency: Residency
    let departure: Departure
    let database: Database
    let clock: Clock

    /// - Parameters:
    ///   - ring: seals passport numbers and invite tokens.
    ///   - botName: of the residents' bot, for links to it.
    package init(
        database: Database, identity: IdentityModule, jobs: Jobs, ring: SealingRing, correspondent: any Correspondent,
        files: FileUse, botName: String? = nil, clock: Clock = .system
    ) {
        self.database = database
        self.clock = clock
        let trail = Trail(identity.audit)
        let people = People(database: database, users: identity.users, grants: identity.grants)
        let papers = Papers(keys: ring)
        residency = Residency(database: database, people: people, clock: clock)
        departure = Departure(database: database, clock: clock)
        companies = Companies(
            database: database, people: people, gates: identity.gates, logo: Picture(files: files, purpose: Picture.logo),
            trail: trail, clock: clock)
        condos = Condos(
            database: database, companies: companies, people: people,
            image: Picture(files: files, purpose: Picture.view), trail: trail, clock: clock)
        buildings = Buildings(database: database, condos: condos, people: people, trail: trail, clock: clock)
        entrances = Entrances(database: database, buildings: buildings, people: people, trail: trail, clock: clock)
        unitTypes = UnitTypes(database: database, condos: condos, trail: trail, clock: clock)
        staff = StaffBook(
            database: database, companies: companies, condos: condos, people: people, trail: trail, clock: clock)
        notices = InvoiceNotices(database: database, correspondent: correspondent)
        units = Units(database: database, condos: condos, people: people, trail: trail, clock: clock)
        residents = Residents(
            database: database, units: units, condos: condos, people: people, residency: residency, papers: papers,
            trail: trail, clock: clock)
        invites = Invites(
            database: database, units: units, users: identity.users, residency: residency, papers: papers,
            correspondent: correspondent, botName: botName, trail: trail, clock: clock)
        meterTypes = MeterTypes(database: database, condos: condos, companies: companies, trail: trail, clock: clock)
        meters = Meters(database: database, units: units, trail: trail, clock: clock)
        readings = Readings(database: database, meters: meters, trail: trail, files: files, clock: clock)
        tariffs = Tariffs(database: database, condos: condos, trail: trail, clock: clock)
        polls = Polls(database: database, condos: condos, trail: trail, clock: clock)
        ballots = Ballots(database: database, polls: polls, clock: clock)
        billing = Billing(database: database, condos: condos, jobs: jobs, clock: clock)
    }

    /// How tickets of a condo are handled.
    package var ticketProfile: TicketProfile { CondoTickets(database: database).profile }

    /// What the product invoices: a unit's month, what its office writes by hand, and the platform's fees of a company.
    package var invoiceKinds: [InvoiceKind] {
        let contacts: InvoiceKind.Contacts = { [database] units in
            try await database.all(ResidentQueries.contacts(ofUnits: units))
        }
        return [
            InvoiceKind(
                Billing.kind, product: "condominiums", series: "INV", debtor: .unit, scope: .condo, issuer: .company,
                generator: BillingGenerator(billing: billing, condos: condos), contacts: contacts),
            InvoiceKind(
                "unit_manual", product: "condominiums", series: "INV", debtor: .unit, scope: .condo, issuer: .company,
                manual: ManualInvoices { [units, billing, tariffs, clock] debtor in
                    guard let unit = try await units.find(ID(debtor)) else { return nil }
                    _ = try await tariffs.holdCurrency(of: unit.condoId)
                    let context = try await billing.context(unit.condoId, at: clock.now())
                    return InvoiceTerms(
                        parties: InvoiceParties(
                            issuer: .company(context.company), debtor: .unit(unit.id), scope: .condo(context.condo)),
                        currency: context.currency, timeZone: context.timeZone, debtorName: unit.number,
                        snapshot: context.snapshot)
                }, contacts: contacts),
            InvoiceKind(
                "company_platform", product: "condominiums", series: "UKI", debtor: .company, scope: .company,
                issuer: .platform,
                contacts: { [database] companies in
                    try await database.all(ResidentQueries.contacts(ofCompanies: companies))
                }),
        ]
    }
}
