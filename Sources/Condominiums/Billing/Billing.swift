import Invoices
import Jobs
import JSON
import Postgres
import Service
import Values

/// The door of monthly generation: spec 4.5.
struct Billing: Sendable {
    /// The kind under which a unit's month is invoiced.
    static let kind = "unit_monthly"

    let database: Database
    let condos: Condos
    let jobs: Jobs
    let clock: Clock

    // MARK: Begin

    /// Queues a run and the job that does it, in one transaction. Of two at once for a condo and month, one is refused.
    func begin(
        _ condo: ID<Condo>, _ period: Period?, units: [ID<Unit>]?, by user: UUID?
    ) async throws -> BillingRun {
        let now = clock.now()
        let context = try await context(condo, at: now)
        guard context.isActive else { throw BillingRunProblem.condoInactive }
        try await check(units, in: condo)
        let period = period ?? context.today.period.previous
        let run = BillingRun(
            id: .new(), createdAt: now, condoId: condo, companyId: context.company, period: period, unitIds: units,
            startedBy: user, status: .queued, units: 0, created: 0, skipped: 0, total: .zero(context.currency),
            problems: JSONText(trusted: Array("[]".utf8)), finishedAt: nil)
        return try await database.changing(refusing: Self.refusals) {
            try await database.execute(BillingQueries.queue(run))
            try await enqueue(run.id)
            return try await database.one(BillingQueries.run(run.id))
        }
    }

    /// The scheduler's runs: the month before, for each active condo that has none yet.
    func beginDue() async throws {
        for condo in try await database.all(BillingQueries.due(at: clock.now())) {
            do {
                _ = try await begin(condo, nil, units: nil, by: nil)
            } catch is BillingRunProblem {
                continue
            } catch let problem as Problem where problem.code == BillingRunProblem.runInProgress.rawValue {
                continue
            }
        }
    }

    /// Takes up again what is open and has no job any more: its process was killed between failing the job and the run.
    func resume() async throws {
        for run in try await database.all(BillingQueries.open(before: clock.now() - .minutes(5))) {
            try await enqueue(run)
        }
    }

    /// One unfinished job per run.
    private func enqueue(_ run: ID<BillingRun>) async throws {
        try await jobs.enqueue(BillingJobs.run, BillingJobs.RunOrder(run: run), dedupe: "run:\(run)")
    }

    // MARK: Look

    func page(
        of condo: ID<Condo>, _ filter: BillingRunFilter, _ page: PageRequest, for caller: Caller
    ) async throws -> Page<BillingRun> {
        _ = try await condos.see(condo, for: caller, to: .billingRead)
        return try await Page(
            BillingQueries.list(condo, filter, page), beyondTheEnd: BillingQueries.count(condo, filter), of: page,
            from: database
        ) { $0 }
    }

    func one(_ id: ID<BillingRun>, of condo: ID<Condo>, for caller: Caller) async throws -> BillingRun {
        _ = try await condos.see(condo, for: caller, to: .billingRead)
        guard let run = try await database.first(BillingQueries.run(id)), run.condoId == condo else {
            throw HouseProblem.notFound.problem
        }
        return run
    }

    /// What the month would charge, computed as it would be and not stored.
    func preview(
        _ condo: ID<Condo>, _ period: Period, units: [ID<Unit>]?, for caller: Caller
    ) async throws -> BillingPreview {
        _ = try await condos.see(condo, for: caller, to: .billingRead)
        let context = try await context(condo, at: clock.now())
        try await check(units, in: condo)
        let tariffs = try await tariffs(of: context, in: period)
        let run = BillingRun(previewOf: period, units, context, at: clock.now())
        var preview = BillingPreview(in: context.currency)
        for unit in try await facts(of: try await database.all(BillingQueries.units(of: run)), in: period) {
            do {
                try preview.add(UnitCharges(of: unit, by: tariffs, in: period, currency: context.currency))
            } catch {
                preview.add(BillingProblem(tooMuchFor: unit))
            }
        }
        return preview
    }

    /// Refuses units that are not of the condo.
    private func check(_ units: [ID<Unit>]?, in condo: ID<Condo>) async throws {
        guard let units else { return }
        let known = Set(try await database.all(BillingQueries.known(units, in: condo)))
        let errors = units.enumerated().filter { !known.contains($0.element) }.map { index, _ in
            FieldError(field: "unitIds[\(index)]", code: "unknown", message: "The condo has no such unit.")
        }
        if !errors.isEmpty { throw InvalidInput(errors) }
    }

    // MARK: Facts

    func context(_ condo: ID<Condo>, at moment: Instant) async throws -> BillingContext {
        guard let context = try await database.first(BillingQueries.context(condo, at: moment)) else {
            throw HouseProblem.notFound.problem
        }
        return context
    }

    func tariffs(of context: BillingContext, in period: Period) async throws -> [Tariff] {
        let all = try await database.all(
            TariffQueries.ofCondo(context.condo, on: period.lastDay, includePast: false))
        return Tariff.inForce(all, in: period, currency: context.currency, usingDefaults: context.usesDefaults)
    }

    /// Live, active units in the order of their numbers, with what their meters count in the month.
    func facts(of units: [ID<Unit>], in period: Period) async throws -> [BilledUnit] {
        let facts = try await database.all(BilledUnitQueries.facts(of: units))
        if facts.isEmpty { return [] }
        let registers = Dictionary(
            grouping: try await database.all(BilledUnitQueries.registers(of: units, in: period)), by: \.unit)
        let positions = registers.isEmpty
            ? [:]
            : Dictionary(grouping: try await database.all(BilledUnitQueries.positions(of: units, until: period)), by: \.meter)
        return facts.map { BilledUnit($0, registers[$0.id] ?? [], positions) }
    }

    private static let refusals = ["billing_runs_one_open": BillingRunProblem.runInProgress.problem]
}

extension BillingRun {
    /// Stands for a run that is never stored.
    fileprivate init(previewOf period: Period, _ units: [ID<Unit>]?, _ context: BillingContext, at moment: Instant) {
        self.init(
            id: .new(), createdAt: moment, condoId: context.condo, companyId: context.company, period: period,
            unitIds: units, startedBy: nil, status: .queued, units: 0, created: 0, skipped: 0,
            total: .zero(context.currency), problems: JSONText(trusted: Array("[]".utf8)), finishedAt: nil)
    }
}
