import Postgres
import Service
import Values

/// What the database said about a reading, and of which meter.
struct ReadingVerdict: Row {
    let meterId: ID<Meter>
    let unit: NumberRef<Unit>
    let condoId: ID<Condo>
    let companyId: ID<Company>
    let meterType: MeterTypeRef
    let day: Day
    let previous: Quantity
    let isStaff: Bool
    /// Nil: it is stored.
    let refusal: Refusal?

    enum Refusal: String, CaseIterable {
        case forbidden
        case meterInactive = "meter_inactive"
        case readingExists = "reading_exists"
        case dateInFuture = "date_in_future"
        case dateBeforeInstallation = "date_before_installation"
        case zonesMismatch = "zones_mismatch"
        case readingTooLow = "reading_too_low"
        case readingTooHigh = "reading_too_high"
        case increaseTooHigh = "increase_too_high"
    }

    init(_ row: inout RowReader) throws {
        meterId = try row.next()
        let unit: ID<Unit> = try row.next()
        condoId = try row.next()
        companyId = try row.next()
        self.unit = NumberRef(id: unit, number: try row.next())
        meterType = try MeterTypeRef(code: row.next(), name: row.next(), unit: row.next())
        day = try row.next()
        previous = try row.next()
        isStaff = try row.next()
        refusal = try row.next()
    }

    var path: ScopePath { [.unit(unit.id), .condo(condoId), .company(companyId)] }

    /// Throws what stands against the reading, naming the member that it was given in.
    func check(_ new: NewReading) throws {
        let given = new.zones == nil ? "value" : "zoneValues"
        switch refusal {
        case nil: return
        case .forbidden?: throw HouseProblem.forbidden.problem
        case .meterInactive?: throw ReadingProblem.meterInactive
        case .readingExists?: throw ReadingProblem.readingExists
        case .dateInFuture?: throw ReadingProblem.dateInFuture.on("readingDate")
        case .dateBeforeInstallation?: throw ReadingProblem.dateBeforeInstallation.on("readingDate")
        case .zonesMismatch?: throw ReadingProblem.zonesMismatch.on("zoneValues")
        case .readingTooLow?: throw ReadingProblem.readingTooLow.on(given)
        case .readingTooHigh?: throw ReadingProblem.readingTooHigh.on(given)
        case .increaseTooHigh?: throw ReadingProblem.increaseTooHigh.on(given)
        }
    }
}
