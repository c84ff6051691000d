import Files
import Identity
import Invoices
import Jobs
import Postgres
import Service
import Values

/// Condominiums: management companies, the complexes they run, who lives there, what is metered and what is charged.
package struct CondominiumsModule: Module {
    package let name = "condominiums"
    package let doors: CondominiumsDoors
    let work: BillingWork
    private let invoices: Invoices

    package init(_ doors: CondominiumsDoors, invoices: Invoices) {
        self.doors = doors
        self.invoices = invoices
        work = BillingWork(
            database: doors.database, billing: doors.billing, invoices: invoices, clock: doors.clock)
    }

    package var operations: [Operation] { structure + people + metering + charging + polling }
    package var gates: [any ProblemKind] { [CompanyGate.companyBlocked] }

    private var structure: [Operation] {
        CompanyOperations.all(doors.companies) + CondoOperations.all(doors.condos)
            + BuildingOperations.all(doors.buildings) + EntranceOperations.all(doors.entrances)
            + UnitTypeOperations.all(doors.unitTypes) + UnitOperations.all(doors.units)
    }

    private var people: [Operation] {
        StaffOperations.all(doors.staff) + ResidentOperations.all(doors.residents) + InviteOperations.all(doors.invites)
    }

    private var metering: [Operation] {
        MeterTypeOperations.all(doors.meterTypes) + MeterOperations.all(doors.meters)
            + ReadingOperations.all(doors.readings)
    }

    private var charging: [Operation] {
        TariffOperations.all(doors.tariffs, doors.billing) + BillingOperations.all(doors.billing)
            + UnitInvoices(units: doors.units, invoices: invoices).operations
    }

    private var polling: [Operation] { PollOperations.all(doors.polls, doors.ballots) }

    package static let roles = CondoRoles.all
    /// For which uploads the product has a use.
    package static let filePurposes = [Picture.logo, Picture.view]
    package var roles: [Role] { Self.roles }
    package var jobs: [JobType] { BillingJobs.all(work, doors.billing, doors.invites) + PollJobs.all(doors.polls) }
    package var eventHandlers: [EventHandler] { [doors.notices.handler, doors.departure.handler] }
    package var schedules: [Schedule] { BillingJobs.schedules + PollJobs.schedules }
    package var queues: [Queue] { [Queue("condominiums", concurrency: 4)] }
    package var sections: [DashboardSection] { [CondominiumSection.section(doors.database), HomesSection.section(doors.database)] }

    /// How company, condo and unit stand to each other.
    package static let scopes: [ScopeKind] = [
        .top(.company, all: "select id from condo.companies where deleted_at is null"),
        .under(.company, .condo, links: "select id, company_id as parent_id from condo.condos where deleted_at is null"),
        .under(.condo, .unit, links: "select id, condo_id as parent_id from condo.units where deleted_at is null"),
    ]
}
