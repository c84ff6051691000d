import Identity
import Postgres
import Service
import Values

/// The door of tariffs.
struct Tariffs: Sendable {
    let database: Database
    let condos: Condos
    let trail: Trail
    let clock: Clock

    func all(_ filter: TariffFilter, for caller: Caller) async throws -> [Tariff] {
        let seen = try await condos.see(filter.condoId, for: caller)
        try caller.require(.tariffsRead, seeing: .condosRead, on: seen.path)
        let context = try await context(filter.condoId)
        let tariffs = try await database.all(
            TariffQueries.ofCondo(filter.condoId, on: filter.on ?? context.today, includePast: filter.includePast))
        let priced = Set(tariffs.filter { $0.condo != nil }.map(\.code))
        return tariffs.filter { tariff in
            tariff.condo != nil
                || context.usesDefaults && tariff.currency == context.currency && !priced.contains(tariff.code)
        }
    }

    func create(_ body: NewTariff, by author: Author) async throws -> Tariff {
        let scope = try await scope(of: body.condoId, for: author.caller)
        try await check(body)
        return try await database.changing(refusing: Self.refusals) {
            let tariff = Tariff(
                id: .new(), condo: body.condoId, kind: body.kind, code: body.code, name: body.name,
                meterTypeCode: body.meterTypeCode, zone: body.zone, unitTypeCode: body.unitTypeCode, price: body.price,
                currency: try await currency(of: body), missingReadingPolicy: body.missingReadingPolicy,
                normQuantity: body.normQuantity, validFrom: body.validFrom, validTo: body.validTo,
                isActive: body.isActive)
            try await database.execute(TariffQueries.insert(tariff))
            await trail.record("tariff_created", "tariff", tariff.id.description, new: tariff, in: scope, by: author)
            return tariff
        }
    }

    func change(_ id: ID<Tariff>, _ body: TariffBody, by author: Author) async throws -> Tariff {
        let seen = try await see(id)
        let scope = try await scope(of: seen.condo, for: author.caller)
        return try await database.changing(refusing: Self.refusals) {
            let old = try await lock(id)
            if body.rewrites(old), try await database.one(TariffQueries.isCharged(id)) { throw TariffProblem.tariffInUse }
            var tariff = old
            try body.apply(to: &tariff)
            try await holdCurrency(of: [tariff], in: tariff.condo)
            try await database.execute(TariffQueries.save(tariff))
            await trail.record("tariff_changed", "tariff", id.description, from: old, to: tariff, in: scope, by: author)
            return tariff
        }
    }

    func delete(_ id: ID<Tariff>, by author: Author) async throws {
        let seen = try await see(id)
        let scope = try await scope(of: seen.condo, for: author.caller)
        try await database.changing {
            let tariff = try await lock(id)
            if try await database.one(TariffQueries.isCharged(id)) { throw TariffProblem.tariffInUse }
            try await database.execute(TariffQueries.delete(id, at: clock.now()))
            await trail.record("tariff_deleted", "tariff", id.description, old: tariff, in: scope, by: author)
        }
    }

    /// New prices from a day on: the old rows end the day before, new ones follow them; all or nothing. A month is
    /// priced on its last day, so none on or after that day may have been charged by them.
    func revise(_ body: TariffRevision, by author: Author) async throws -> [Tariff] {
        let seen = try await condos.see(body.condoId, for: author.caller, to: .tariffsManage)
        let prices = Dictionary(body.items.map { ($0.tariffId, $0.price) }) { first, _ in first }
        guard prices.count == body.items.count else {
            throw InvalidInput(field: "items", code: "distinct", message: "must not name a tariff twice")
        }
        return try await database.changing(refusing: Self.refusals) {
            let old = try await database.all(TariffQueries.lock(Array(prices.keys), of: seen.item.id))
            try Self.check(body, against: old)
            let charged = Set(
                try await database.all(TariffQueries.charged(old.map(\.id), since: body.validFrom.period)))
            if let index = body.items.firstIndex(where: { charged.contains($0.tariffId) }) {
                throw TariffProblem.tariffInUse.on("items[\(index)].tariffId")
            }
            try await holdCurrency(of: old, in: seen.item.id)
            var commands: [Command] = []
            var new: [Tariff] = []
            for tariff in old {
                let (closed, next) = tariff.revised(from: body.validFrom, price: prices[tariff.id] ?? tariff.price)
                commands += [TariffQueries.save(closed), TariffQueries.insert(next)]
                new.append(next)
            }
            try await database.write(commands)
            await trail.record(
                "tariffs_revised", "condo", seen.item.id.description,
                zip(old, new).compactMap { old, new in
                    AuditChange("\(old.code) \(old.id)", AuditValue(old.price), AuditValue(new.price))
                }, in: .condo(seen.item.id), by: author)
            return new
        }
    }

    /// A tariff of what nobody has would charge nothing, in silence.
    private func check(_ body: NewTariff) async throws {
        let fit = try await database.one(TariffQueries.fit(body))
        var errors: [FieldError] = []
        if !fit.isMeterType {
            errors.append(
                FieldError(field: "meterTypeCode", code: "unknown", message: "There is no such type of meter here."))
        } else if !fit.isZone {
            errors.append(FieldError(field: "zone", code: "unknown", message: "Meters of this type have no such zone."))
        }
        if !fit.isUnitType {
            errors.append(
                FieldError(field: "unitTypeCode", code: "unknown", message: "The condo has no such type of unit."))
        }
        if !errors.isEmpty { throw InvalidInput(errors) }
    }

    private static func check(_ body: TariffRevision, against tariffs: [Tariff]) throws {
        let known = Dictionary(tariffs.map { ($0.id, $0) }) { first, _ in first }
        let errors = body.items.enumerated().compactMap { index, item -> FieldError? in
            guard let tariff = known[item.tariffId] else {
                return FieldError(
                    field: "items[\(index)].tariffId", code: "elsewhere", message: "The condo has no such tariff.")
            }
            guard tariff.validFrom < body.validFrom, tariff.validTo.map({ $0 >= body.validFrom }) ?? true else {
                return FieldError(
                    field: "items[\(index)].tariffId", code: "range", message: "is not in force on the day before")
            }
            return nil
        }
        if !errors.isEmpty { throw InvalidInput(errors) }
    }

    private func see(_ id: ID<Tariff>) async throws -> Tariff {
        guard let tariff = try await database.first(TariffQueries.one(id)) else { throw HouseProblem.notFound.problem }
        return tariff
    }

    private func lock(_ id: ID<Tariff>) async throws -> Tariff {
        guard let tariff = try await database.first(TariffQueries.lock(id)) else { throw HouseProblem.notFound.problem }
        return tariff
    }

    /// Where a tariff stands, for a change: managers of the condo; the defaults are the platform owner's.
    private func scope(of condo: ID<Condo>?, for caller: Caller) async throws -> Scope? {
        guard let condo else {
            _ = try caller.reach(.defaultTariffsManage)
            return nil
        }
        _ = try await condos.see(condo, for: caller, to: .tariffsManage)
        return .condo(condo)
    }

    /// A condo charges in its company's currency, which stays as it is until the transaction ends.
    private func currency(of body: NewTariff) async throws -> Currency {
        guard let condo = body.condoId else { return body.currency?.currency ?? .rub }
        let own = try await holdCurrency(of: condo)
        if let chosen = body.currency?.currency, chosen != own {
            throw InvalidInput(field: "currency", code: "choice", message: "must be the company's, \(own)")
        }
        return own
    }

    /// Refuses active tariffs in a currency that the company has left: they would charge nothing, in silence.
    private func holdCurrency(of tariffs: [Tariff], in condo: ID<Condo>?) async throws {
        let active = tariffs.filter(\.isActive)
        guard let condo, !active.isEmpty else { return }
        let own = try await holdCurrency(of: condo)
        if active.contains(where: { $0.currency != own }) { throw TariffProblem.tariffCurrencyLeft }
    }

    /// The company's, which stays as it is until the transaction ends.
    func holdCurrency(of condo: ID<Condo>) async throws -> Currency {
        guard let own = try await database.first(TariffQueries.holdCurrency(of: condo)) else {
            throw HouseProblem.notFound.problem
        }
        return own
    }

    private func context(_ condo: ID<Condo>) async throws -> BillingContext {
        guard let context = try await database.first(BillingQueries.context(condo, at: clock.now())) else {
            throw HouseProblem.notFound.problem
        }
        return context
    }

    private static let refusals = ["tariffs_do_not_overlap": TariffProblem.tariffOverlap.problem]
}

extension Tariff {
    /// The tariff up to the day before, and what follows it at another price.
    func revised(from day: Day, price: UnitPrice) -> (closed: Tariff, next: Tariff) {
        var closed = self
        closed.validTo = day.adding(days: -1)
        var next = self
        next.id = .new()
        next.price = price
        next.validFrom = day
        return (closed, next)
    }
}
