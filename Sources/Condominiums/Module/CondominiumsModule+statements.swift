import Identity
import JSON
import Postgres
import Service
import Values

extension CondominiumsModule {
    /// A specimen of every statement, for the test that prepares each against a migrated database.
    package static var statements: [StatementSample] {
        structure + people + metering + pricing + billing + polling + demo + PersonalQueries.samples
    }

    private static let now = Instant(microseconds: 0)
    private static let page = PageRequest(sort: "createdAt")
    private static let own = Coverage(isEverything: false, companies: [], condos: [], units: [])
    private static let lessSome = Coverage(
        isEverything: true, companies: [], condos: [], units: [],
        denied: Coverage.Denied(companies: [.new()], condos: [.new()], units: [.new()]))
    private static let empty = JSONText(trusted: Array("[]".utf8))

    private static var structure: [StatementSample] {
        let companies = CompanyFilter(q: "a", isActive: true, isBlocked: true, country: "a")
        let condos = CondoFilter(companyId: .new(), q: "a", buildingType: .mixed, isActive: true)
        let units = UnitFilter(
            condoId: .new(), buildingId: .new(), entranceId: .new(), typeCode: "a", status: .vacant, q: "a")
        let draft = UnitDraft(number: "1")
        let text = TextSearch("1")
        let building = Building(
            id: .new(), createdAt: now, updatedAt: now, condoId: .new(), companyId: .new(), number: "1")
        let entrance = Entrance(
            id: .new(), createdAt: now, updatedAt: now, buildingId: .new(), condoId: .new(), companyId: .new(), number: "1")
        let type = UnitType(id: .new(), createdAt: now, updatedAt: now, condoId: nil, code: "a", name: "a")
        let closing = ClosingQueries(scope: .company, id: .zero, moment: now)
        return [
            StatementSample("section of the platform", CondominiumSection.counted(in: .platform)),
            StatementSample("section of somebody", HomesSection.homes(of: .zero)),
            StatementSample("section of a company", CondominiumSection.counted(in: .company(.new()))),
            StatementSample("section of a condo", CondominiumSection.counted(in: .condo(.new()))),
            StatementSample("company", CompanyQueries.one(.new(), for: own)),
            StatementSample("company, locked", CompanyQueries.lock(.new())),
            StatementSample("companies", CompanyQueries.list(companies, within: own, page)),
            StatementSample("companies, less some", CompanyQueries.list(companies, within: lessSome, page)),
            StatementSample("companies, counted", CompanyQueries.count(companies, within: own)),
            StatementSample("new company", CompanyQueries.insert(.new(), CompanyDraft(name: ""), at: now)),
            StatementSample("changed company", CompanyQueries.save(.new(), CompanyDraft(name: ""), at: now)),
            StatementSample("blocked company", CompanyQueries.block(.new(), reason: "", at: now)),
            StatementSample("unblocked company", CompanyQueries.unblock(.new(), at: now)),
            StatementSample("used currency", CompanyQueries.usesCurrency(.new(), at: now)),
            StatementSample("time zone", Statement<Bool>.isTimeZone("")),
            StatementSample("figures of a company", FigureQueries.ofCompany(.new(), at: now)),
            StatementSample("figures of a condo", FigureQueries.ofCondo(.new(), at: now)),
            StatementSample("condo", CondoQueries.one(.new(), for: own)),
            StatementSample("condo, held", CondoQueries.hold(.new())),
            StatementSample("condo, locked", CondoQueries.lock(.new())),
            StatementSample("condos", CondoQueries.list(condos, within: own, page)),
            StatementSample("condos, less some", CondoQueries.list(condos, within: lessSome, page)),
            StatementSample("condos, counted", CondoQueries.count(condos, within: own)),
            StatementSample(
                "new condo", CondoQueries.insert(.new(), CondoDraft(name: "", address: ""), of: .new(), at: now)),
            StatementSample("changed condo", CondoQueries.save(.new(), CondoDraft(name: "", address: ""), at: now)),
            StatementSample("house", BuildingQueries.one(.new(), for: own)),
            StatementSample("house, locked", BuildingQueries.lock(.new())),
            StatementSample("houses", BuildingQueries.list(.new(), page)),
            StatementSample("houses of a condo", BuildingQueries.all(of: .new())),
            StatementSample("houses, counted", BuildingQueries.count(.new())),
            StatementSample("new house", BuildingQueries.insert(building)),
            StatementSample("changed house", BuildingQueries.save(building)),
            StatementSample("entrance", EntranceQueries.one(.new(), for: own)),
            StatementSample("entrance, locked", EntranceQueries.lock(.new())),
            StatementSample("entrances", EntranceQueries.list(.new(), for: own, page)),
            StatementSample("entrances of a condo", EntranceQueries.all(of: .new())),
            StatementSample("entrances, counted", EntranceQueries.count(.new())),
            StatementSample("new entrance", EntranceQueries.insert(entrance)),
            StatementSample("changed entrance", EntranceQueries.save(entrance)),
            StatementSample("unit types", UnitTypeQueries.list(.new())),
            StatementSample("unit type, locked", UnitTypeQueries.lock(.new(), in: .new())),
            StatementSample("new unit type", UnitTypeQueries.insert(type)),
            StatementSample("changed unit type", UnitTypeQueries.save(type)),
            StatementSample("priced unit type", UnitTypeQueries.isPriced(UnitType(id: .new(), createdAt: now, updatedAt: now, condoId: .new(), code: "", name: ""))),
            StatementSample("deleted unit type", UnitTypeQueries.delete(.new(), at: now)),
            StatementSample("unit", UnitQueries.each([.new()])),
            StatementSample("unit without household", UnitQueries.plain(.new())),
            StatementSample("unit, locked", UnitQueries.lock(.new())),
            StatementSample("units, locked", UnitQueries.lock([.new()])),
            StatementSample("unit, held", UnitQueries.hold(.new())),
            StatementSample("units by prefix", UnitQueries.each([PrefixSearch(text: text, condo: .new(), own: own)])),
            StatementSample("units by prefix, less some", UnitQueries.one(PrefixSearch(text: text, condo: .new(), own: lessSome))),
            StatementSample("units, less some", UnitQueries.list(units, within: lessSome, owners: lessSome, page)),
            StatementSample("units by text", UnitQueries.search(text, in: .new(), within: own, owners: own)),
            StatementSample("units", UnitQueries.list(units, within: own, owners: own, page)),
            StatementSample("units, counted", UnitQueries.count(units, within: own, owners: own)),
            StatementSample("units of a condo", UnitQueries.all(of: .new())),
            StatementSample("new unit", UnitQueries.insert(.new(), draft, in: .new())),
            StatementSample("changed unit", UnitQueries.save(.new(), draft, in: .new())),
            StatementSample("fitting unit", UnitQueries.fit(draft, in: .new())),
            StatementSample("open invoices", closing.hasOpenInvoices),
            StatementSample("commission terms", CommissionTerms.of(.new())),
            StatementSample("closing scopes", closing.scopes),
        ] + closing.locks.enumerated().map { StatementSample("closing locks \($0.offset)", $0.element) }
            + UnitQueries.holdPlaces(draft, in: .new()).enumerated().map { StatementSample("unit's places \($0.offset)", $0.element) }
            + closing.commands.enumerated().map { StatementSample("closing \($0.offset)", $0.element) }
    }

    private static var people: [StatementSample] {
        let filter = ResidentFilter(condoId: .new(), unitId: .new(), role: .owner, isActive: true, q: "a")
        let staff = StaffFilter(q: "a", condoId: .new(), position: "a", specialization: "a", isActive: true)
        let member = StaffMember(
            id: .new(), createdAt: now, updatedAt: now, userId: .zero, name: "", companyId: .new(), role: .worker,
            position: "", specializations: [], isActive: true)
        let resident = Resident(
            id: .new(), createdAt: now, updatedAt: now, userId: .zero, name: "", condoId: .new(), companyId: .new(),
            role: .owner, isActive: true)
        let invite = Invite(
            id: .new(), createdAt: now, updatedAt: now, unitId: .new(), condoId: .new(), companyId: .new(), unitNumber: "",
            sealedToken: [], role: .owner, expiresAt: now, isActive: true, usedCount: 0, createdBy: .zero)
        return [
            StatementSample("staff member", StaffQueries.one(.new(), of: .new())),
            StatementSample("specialists", CondoTickets.specialists("a", in: .new())),
            StatementSample("staff member, locked", StaffQueries.lock(.new())),
            StatementSample("staff", StaffQueries.list(.new(), staff, within: own, page)),
            StatementSample("staff, less some", StaffQueries.list(.new(), staff, within: lessSome, page)),
            StatementSample("staff, counted", StaffQueries.count(.new(), staff, within: own)),
            StatementSample("new staff member", StaffQueries.insert(member)),
            StatementSample("changed staff member", StaffQueries.save(member)),
            StatementSample("removed staff member", StaffQueries.delete(.new(), at: now)),
            StatementSample("resident", ResidentQueries.one(.new())),
            StatementSample("who hears of units' invoices", ResidentQueries.contacts(ofUnits: [.zero])),
            StatementSample("who hears of companies' invoices", ResidentQueries.contacts(ofCompanies: [.zero])),
            StatementSample("resident, locked", ResidentQueries.lock(.new())),
            StatementSample("residents of a unit", ResidentQueries.ofUnit(.new(), includeInactive: false)),
            StatementSample("residents", ResidentQueries.list(filter, within: own, page)),
            StatementSample("residents, less some", ResidentQueries.list(filter, within: lessSome, page)),
            StatementSample("residents, counted", ResidentQueries.count(filter, within: own)),
            StatementSample("resident without unit", ResidentQueries.unplaced(.zero, in: .new())),
            StatementSample("resident's other row", ResidentQueries.lives(where: resident)),
            StatementSample("homes of who left, locked", Departure.lockHomes(of: .zero)),
            StatementSample("residencies of who left", Departure.empty(.zero, at: now)),
            StatementSample("posts of who left", Departure.dismiss(.zero, at: now)),
            StatementSample("new resident", ResidentQueries.insert(resident)),
            StatementSample("changed resident", ResidentQueries.save(resident)),
            StatementSample("deleted resident", ResidentQueries.delete(.new(), at: now)),
            StatementSample("my units", ResidentQueries.unitsOf(.zero, includeInactive: false, at: now)),
            StatementSample("invite", InviteQueries.one(.new())),
            StatementSample("invite, locked", InviteQueries.lock(.new())),
            StatementSample("invite's preview", InviteQueries.preview(tokenHash: "")),
            StatementSample("invites of a unit", InviteQueries.ofUnit(.new(), includeExpired: false, at: now)),
            StatementSample("retired invites", InviteQueries.retireExpired(of: .new(), at: now)),
            StatementSample("replaced invites", InviteQueries.replaceOpen(of: .new(), email: nil, phone: nil, at: now)),
            StatementSample("new invite", InviteQueries.insert(invite, tokenHash: "")),
            StatementSample("changed invite", InviteQueries.save(invite)),
            StatementSample("deleted invite", InviteQueries.delete(.new(), at: now)),
            StatementSample("swept invites", InviteQueries.clean(before: now)),
        ]
    }

    private static var metering: [StatementSample] {
        let type = MeterType(
            id: .new(), createdAt: now, updatedAt: now, code: "a", name: "a", unit: "a", zones: [])
        let meter = Meter(
            id: .new(), createdAt: now, updatedAt: now, unitId: .new(), condoId: .new(), companyId: .new(),
            type: MeterKind(id: .new(), code: "", name: "", unit: "", zones: []), initialReading: 0, isActive: true)
        let new = NewReading(meter: .new(), value: 1, isForced: false, by: .zero, at: now, coverage: own)
        let usual = UsualReading(
            id: .new(), reading: new, line: AuditLine(AuditEntry("", "", nil), by: .system, at: now))
        let reading = Reading(
            id: .new(), createdAt: now, updatedAt: now, meterId: .new(), unit: NumberRef(id: .new(), number: ""),
            condoId: .new(), companyId: .new(), meterType: MeterTypeRef(code: "", name: "", unit: ""), value: 1,
            consumption: 0, readingDate: .first, source: .manual, isVerified: false, isForced: false)
        let filter = ReadingFilter(
            condoId: .new(), unitId: .new(), meterTypeCode: "a", period: Period(.first), isVerified: true)
        return [
            StatementSample("meter type", MeterTypeQueries.one(.new())),
            StatementSample("meter type, locked", MeterTypeQueries.lock(.new())),
            StatementSample("meter types", MeterTypeQueries.list(condo: .new(), within: own, page)),
            StatementSample("meter types, counted", MeterTypeQueries.count(condo: .new(), within: own)),
            StatementSample("meter type by code", MeterTypeQueries.named("", for: .new())),
            StatementSample("new meter type", MeterTypeQueries.insert(type)),
            StatementSample("changed meter type", MeterTypeQueries.save(type)),
            StatementSample("deleted meter type", MeterTypeQueries.delete(.new(), at: now)),
            StatementSample("meter", MeterQueries.one(.new())),
            StatementSample("meter, locked", MeterQueries.lock(.new())),
            StatementSample("meters of a unit", MeterQueries.ofUnit(.new(), isActive: true)),
            StatementSample("new meter", MeterQueries.insert(meter)),
            StatementSample("changed meter", MeterQueries.save(meter)),
            StatementSample("deleted meter", MeterQueries.delete(.new(), at: now)),
            StatementSample("read meter", MeterQueries.hasReadings(.new())),
            StatementSample("meter's lock", ReadingQueries.lock(.new())),
            StatementSample("usual reading of staff", ReadingQueries.advance([usual])),
            StatementSample(
                "usual reading", ReadingQueries.advance([UsualReading(id: .new(), reading: new, line: nil)])),
            StatementSample("recorded reading", ReadingQueries.record(new, as: .new())),
            StatementSample("judged reading", ReadingQueries.judge(new)),
            StatementSample("reading", ReadingQueries.one(.new())),
            StatementSample("readings of a meter", ReadingQueries.ofMeter(.new(), before: .first, limit: 1)),
            StatementSample(
                "readings",
                ReadingQueries.list(filter, within: own, after: ReadingPosition(reading), limit: 1)),
            StatementSample(
                "readings, less some",
                ReadingQueries.list(filter, within: lessSome, after: ReadingPosition(reading), limit: 1)),
            StatementSample("billed reading", ReadingQueries.isBilled(.new())),
            StatementSample("removed reading", ReadingQueries.remove(.new(), at: now)),
            StatementSample("corrected reading", ReadingQueries.correct(reading, at: now)),
            StatementSample("verified reading", ReadingQueries.verify(.new(), by: .zero, at: now)),
            StatementSample("settled consumption", ReadingQueries.settleConsumption(of: .new())),
            StatementSample("settled meter", ReadingQueries.settleLast(of: .new())),
            StatementSample("consumption", ReadingQueries.consumption(of: .new(), from: .first, to: .first)),
        ]
    }

    private static var pricing: [StatementSample] {
        let tariff = Tariff(
            id: .new(), kind: .fixed, code: "a", name: "a", price: 1, currency: .rub, missingReadingPolicy: .skip,
            validFrom: .first, isActive: true)
        let new = NewTariff(
            condoId: .new(), kind: .meterBased, code: "a", name: "a", meterTypeCode: "a", zone: "a", unitTypeCode: "a",
            price: 1, currency: nil, missingReadingPolicy: .skip, normQuantity: nil, validFrom: .first, validTo: nil,
            isActive: true)
        return [
            StatementSample("tariff", TariffQueries.one(.new())),
            StatementSample("tariff, locked", TariffQueries.lock(.new())),
            StatementSample("tariffs, locked", TariffQueries.lock([.new()], of: .new())),
            StatementSample("tariffs of a condo", TariffQueries.ofCondo(.new(), on: .first, includePast: false)),
            StatementSample("held currency", TariffQueries.holdCurrency(of: .new())),
            StatementSample("new tariff", TariffQueries.insert(tariff)),
            StatementSample("changed tariff", TariffQueries.save(tariff)),
            StatementSample("deleted tariff", TariffQueries.delete(.new(), at: now)),
            StatementSample("charged tariff", TariffQueries.isCharged(.new())),
            StatementSample("charged tariffs", TariffQueries.charged([.new()], since: Period(.first))),
            StatementSample("fitting tariff", TariffQueries.fit(new)),
        ]
    }

    private static var billing: [StatementSample] {
        let period = Period(.first)
        let run = BillingRun(
            id: .new(), createdAt: now, condoId: .new(), companyId: .new(), period: period, unitIds: [.new()],
            status: .queued, units: 0, created: 0, skipped: 0, total: .zero(.rub), problems: empty)
        let charge = MeterCharge(meter: .new(), register: .whole, basis: .estimate(.norm))
        return [
            StatementSample("readers of an invoice", InvoiceNotices.readers(of: .zero)),
            StatementSample("run", BillingQueries.run(.new())),
            StatementSample(
                "runs", BillingQueries.list(.new(), BillingRunFilter(status: .done, period: period), page)),
            StatementSample(
                "runs, counted", BillingQueries.count(.new(), BillingRunFilter(status: .done, period: period))),
            StatementSample("billing context", BillingQueries.context(.new(), at: now)),
            StatementSample("queued run", BillingQueries.queue(run)),
            StatementSample("units of a run", BillingQueries.units(of: run)),
            StatementSample("started run", BillingQueries.start(run)),
            StatementSample("invoiced unit", BillingQueries.hasInvoice(.new(), for: period)),
            StatementSample("advanced run", BillingQueries.advance(.new(), total: 0, created: 0, problems: empty)),
            StatementSample("finished run", BillingQueries.finish(.new(), as: .done, at: now)),
            StatementSample("condos due", BillingQueries.due(at: now)),
            StatementSample("lock of a unit's meters", BilledUnitQueries.lockMeters(of: .new())),
            StatementSample("open runs", BillingQueries.open(before: now)),
            StatementSample("known units", BillingQueries.known([.new()], in: .new())),
            StatementSample("billed units", BilledUnitQueries.facts(of: [.new()])),
            StatementSample("billed registers", BilledUnitQueries.registers(of: [.new()], in: period)),
            StatementSample("billed positions", BilledUnitQueries.positions(of: [.new()], until: period)),
            StatementSample(
                "charge",
                BilledUnitQueries.charge(
                    .new(), charge, quantity: 1, tariff: .new(), invoice: .zero, item: .zero, period: period)),
        ]
    }

    private static var polling: [StatementSample] {
        let poll = Poll(
            id: .new(), createdAt: now, updatedAt: now, condoId: .new(), companyId: .new(), entranceId: .new(),
            createdBy: PersonRef(id: .zero, name: ""), status: .draft, draft: PollDraft(title: "a", startsAt: now, endsAt: now))
        let ballot = NewBallot(id: .new(), poll: .new(), user: .zero, unit: .new(), voter: .zero, isAbstain: false)
        let resident = Coverage(isEverything: false, companies: [], condos: [], units: [.new()])
        func list(_ status: PollStatus?, _ sort: String, _ isDescending: Bool, within coverage: Coverage) -> StatementSample {
            StatementSample(
                "polls \(status?.rawValue ?? "") \(sort) \(isDescending)",
                PollQueries.list(
                    PollFilter(condoId: .new(), status: status), within: coverage, .zero, at: now,
                    PageRequest(sort: sort, isDescending: isDescending)))
        }
        return [
            StatementSample("poll", PollQueries.one(.new(), for: own, .zero)),
            StatementSample("poll, locked", PollQueries.lock(.new())),
            StatementSample("locked poll", PollQueries.locked(.new())),
            list(nil, "createdAt", true, within: own), list(.active, "createdAt", false, within: resident),
            list(.closed, "endsAt", true, within: lessSome), list(.draft, "endsAt", false, within: own),
            StatementSample(
                "polls, counted", PollQueries.count(PollFilter(condoId: nil, status: nil), within: resident, at: now)),
            StatementSample("place of a poll", PollQueries.place(.new(), .new())),
            StatementSample("end of a day", PollQueries.end(of: .first, in: "UTC")),
            StatementSample("new poll", PollQueries.insert(poll)), StatementSample("changed poll", PollQueries.save(poll)),
            StatementSample("deleted poll", PollQueries.delete(.new(), at: now)),
            StatementSample("poll without options", PollQueries.deleteOptions(of: .new())),
            StatementSample("poll's options", PollQueries.add(["a"], to: .new())),
            StatementSample("begun poll", PollQueries.begin(.new(), at: now)),
            StatementSample("begun polls", PollQueries.begin(at: now)),
            StatementSample("ended polls", PollQueries.closeEnded(at: now)),
            StatementSample("voter's units", BallotQueries.homes(of: .zero, in: poll)),
            StatementSample("ballot", BallotQueries.ballot(of: .zero, in: .new())),
            StatementSample("ballots", BallotQueries.list(.new(), page)),
            StatementSample("ballots, counted", BallotQueries.count(.new())),
            StatementSample("new ballot", BallotQueries.insert(ballot, at: now)),
            StatementSample("replaced ballot", BallotQueries.replace(ballot, at: now)),
            StatementSample("uncounted ballot", BallotQueries.uncount(.new())),
            StatementSample("cleared ballot", BallotQueries.clear(.new())),
            StatementSample("chosen options", BallotQueries.choose([.new()], by: ballot)),
            StatementSample("counted options", BallotQueries.count([.new()])),
            StatementSample("counted ballot", BallotQueries.count(votes: 1, abstentions: 1, in: .new())),
        ]
    }

    private static var demo: [StatementSample] {
        let commands = DemoQueries.structure + DemoQueries.people + DemoQueries.metering + DemoQueries.lastReadings
            + [DemoQueries.readings(of: Period(.first), number: 1)]
        return commands.enumerated().map { StatementSample("demo \($0.offset)", $0.element) } + [
            StatementSample("loaded demo", DemoQueries.isLoaded),
            StatementSample("demo's unit", DemoQueries.unit("")),
            StatementSample("billed demo", DemoQueries.isBilled(Period(.first))),
        ]
    }
}
