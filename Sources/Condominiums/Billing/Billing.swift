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
        let period = period ?? context.today.period.previous
        let run = BillingRun(
            id: .new(), createdAt: now, condoId: condo, companyId: context.company, period: period, unitIds: units,
            startedBy: user, status: .queued, units: 0, created: 0, skipped: 0, total: .zero(context.currency),
            problems: JSONText(trusted: Array("[]".utf8)), finishedAt: nil)
        return try await database.changing(refusing: Self.refusals) {
            try await database.execute(BillingQueries.queue(run))
            _ = try await jobs.enqueue(BillingJobs.run, BillingJobs.RunOrder(run: run.id))
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
    func preview(_ query: PreviewQuery, for caller: Caller) async throws -> BillingPreview {
        _ = try await condos.see(query.condoId, for: caller, to: .billingRead)
        let context = try await context(query.condoId, at: clock.now())
        let tariffs = try await tariffs(of: context, in: query.period)
        let everyUnit = BillingRun(previewOf: query.period, context, at: clock.now())
        var totals: [String: Money] = [:]
        var problems: [BillingProblem] = []
        var units = 0
        for unit in try await database.all(BillingQueries.units(of: everyUnit)) {
            guard let facts = try await facts(of: unit, in: query.period) else { continue }
            units += 1
            let charges = try UnitCharges(of: facts, by: tariffs, in: query.period, currency: context.currency)
            for line in charges.lines {
                totals[line.tariff.code] = try (totals[line.tariff.code] ?? .zero(context.currency)) + line.amount
            }
            problems += charges.problems
        }
        return BillingPreview(
            units: units, total: try totals.values.sum(in: context.currency),
            items: totals.sorted { $0.key < $1.key }.map { BillingPreview.Item(code: $0.key, total: $0.value) },
            problems: Array(problems.prefix(1000)))
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

    func facts(of unit: ID<Unit>, in period: Period) async throws -> BilledUnit? {
        guard let facts = try await database.first(BilledUnitQueries.facts(unit)) else { return nil }
        let registers = try await database.all(BilledUnitQueries.registers(of: unit, in: period))
        if registers.isEmpty { return BilledUnit(facts, [], []) }
        return BilledUnit(facts, registers, try await database.all(BilledUnitQueries.positions(of: unit, until: period)))
    }

    private static let refusals = ["billing_runs_one_open": BillingRunProblem.runInProgress.problem]
}

extension BillingRun {
    /// Stands for a run over all units that is never stored.
    fileprivate init(previewOf period: Period, _ context: BillingContext, at moment: Instant) {
        self.init(
            id: .new(), createdAt: moment, condoId: context.condo, companyId: context.company, period: period,
            unitIds: nil, startedBy: nil, status: .queued, units: 0, created: 0, skipped: 0,
            total: .zero(context.currency), problems: JSONText(trusted: Array("[]".utf8)), finishedAt: nil)
    }
}
