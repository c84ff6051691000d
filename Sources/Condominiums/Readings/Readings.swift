import Files
import Identity
import Postgres
import Service
import Values

/// The door of readings.
struct Readings: Sendable {
    let database: Database
    let meters: Meters
    let trail: Trail
    let files: FileUse
    let clock: Clock
    /// Usual readings of different meters, stored together: most are entered in the last days of a month.
    private let usual: Batcher<UsualReading, ReadingVerdict>

    init(database: Database, meters: Meters, trail: Trail, files: FileUse, clock: Clock) {
        self.database = database
        self.meters = meters
        self.trail = trail
        self.files = files
        self.clock = clock
        usual = Batcher(database) { ReadingQueries.advance($0) }
    }

    /// Submits a reading: one round trip, in which the meter's row is locked, the reading judged and stored.
    ///
    /// Residents hold their right on the unit and their readings start unverified; staff's are verified at once.
    func record(_ body: ReadingBody, of meter: ID<Meter>, by author: Author) async throws -> Reading {
        let permission: Permission = body.force ? .readingsManage : .readingsCreate
        // The statement that stores knows where the right is held, and not where it is denied.
        if author.caller.principal?.holdsDenials == true {
            let path = try await meters.one(meter, for: author.caller).path
            try author.caller.require(permission, seeing: .metersRead, on: path)
        }
        let reading = NewReading(
            meter: meter, day: body.readingDate, value: try body.total, zones: body.zoneValues, notes: body.notes,
            file: body.fileId, isForced: body.force, by: try author.userID, at: clock.now(),
            coverage: try author.caller.coverage(permission))
        guard let photo = body.fileId else { return try await record(reading, as: .new(), permission, by: author) }
        // With the photograph or not at all. It is an upload of whoever submits (spec 4.3), and stays as long as the reading.
        return try await database.transaction { _ in
            let recorded = try await record(reading, as: .new(), permission, by: author)
            let object = FileObject(type: "reading", id: recorded.id.uuid)
            _ = try await files.attach(ID(photo), to: object, purpose: "meter_photo", of: try author.userID)
            return recorded
        }
    }

    private func record(
        _ reading: NewReading, as id: ID<Reading>, _ permission: Permission, by author: Author
    ) async throws -> Reading {
        guard let verdict = try await store(reading, as: id, by: author) else { throw HouseProblem.notFound.problem }
        try author.caller.require(permission, seeing: .metersRead, on: verdict.path)
        try verdict.check(reading)
        return Reading(id, reading, verdict)
    }

    /// One round trip for the usual reading; one more for those that have to be judged in full. The trail of staff goes
    /// with it; one that cannot be written must not break what it records, so then the reading goes alone.
    private func store(_ reading: NewReading, as id: ID<Reading>, by author: Author) async throws -> ReadingVerdict? {
        let line = trail.line(of: reading, as: id, by: author)
        do {
            if reading.isUsual, let verdict = try await advance(UsualReading(id: id, reading: reading, line: line)) {
                return verdict
            }
            let trail = line.map {
                Trail.recording(
                    [PlacedAuditLine(1, $0)], from: "verdict r", where: "r.is_staff and exists (select from added)")
            }
            return try await judge(reading, as: id, trail)
        } catch let error as DatabaseError where error.table == "audit_logs" {
            let verdict = try await judge(reading, as: id, nil)
            if let verdict, verdict.isStaff, verdict.refusal == nil, let line {
                await trail.record(
                    "reading_recorded", "reading", id.description, line.entry.changes, in: .unit(verdict.unit.id), by: author)
            }
            return verdict
        }
    }

    /// Nil when the reading is not a usual one after all: also when a forced reading, which moves no meter before it is
    /// verified, stands on that day.
    private func advance(_ reading: UsualReading) async throws -> ReadingVerdict? {
        do {
            return try await database.transaction(inside: database.isInTransaction) {
                try await usual.first(reading)
            }
        } catch let error as DatabaseError where error.violates("readings_once_a_day") {
            return nil
        }
    }

    private func judge(_ reading: NewReading, as id: ID<Reading>, _ trail: Command?) async throws -> ReadingVerdict? {
        try await database.transaction(inside: database.isInTransaction) {
            try await database.write(
                ReadingQueries.lock(reading.meter), ReadingQueries.record(reading, as: id, trail: trail)
            ).1.first
        }
    }

    func ofMeter(
        _ meter: ID<Meter>, _ request: CursorRequest, for caller: Caller
    ) async throws -> Feed<Reading> {
        _ = try await meters.one(meter, for: caller)
        let before = try request.cursor.map { cursor in
            guard let position = ReadingPosition(cursor: cursor) else { throw Self.unknownCursor }
            return position.day
        }
        let rows = try await database.all(ReadingQueries.ofMeter(meter, before: before, limit: request.limit + 1))
        return Feed(fetched: rows, limit: request.limit) { ReadingPosition($0).cursor }
    }

    func feed(_ filter: ReadingFilter, _ request: CursorRequest, for caller: Caller) async throws -> Feed<Reading> {
        let own = try caller.coverage(.metersRead)
        let position = try request.cursor.map { cursor in
            guard let position = ReadingPosition(cursor: cursor) else { throw Self.unknownCursor }
            return position
        }
        let rows = try await database.all(
            ReadingQueries.list(filter, within: own, after: position, limit: request.limit + 1))
        return Feed(fetched: rows, limit: request.limit) { ReadingPosition($0).cursor }
    }

    func one(_ id: ID<Reading>, for caller: Caller) async throws -> Reading {
        guard let reading = try await database.first(ReadingQueries.one(id)) else { throw HouseProblem.notFound.problem }
        try caller.require(.metersRead, on: reading.path)
        return reading
    }

    func verify(_ id: ID<Reading>, by author: Author) async throws -> Reading {
        try await correct(id, as: "reading_verified", by: author) { reading in
            try await database.execute(ReadingQueries.verify(id, by: author.userID, at: clock.now()))
            try await settle(reading.meterId)
        }
    }

    /// A correction is checked as a new reading: the old one is taken out, the new one judged and put in its place.
    func change(_ id: ID<Reading>, _ body: ReadingChange, by author: Author) async throws -> Reading {
        try await correct(id, as: "reading_corrected", by: author) { old in
            try await refuseBilled(id)
            var reading = old
            try body.apply(to: &reading)
            let now = clock.now()
            try await database.execute(ReadingQueries.remove(id, at: now))
            try await settle(old.meterId)
            let new = NewReading(
                meter: old.meterId, day: reading.readingDate, value: reading.value, zones: reading.zoneValues,
                isForced: old.isForced, by: try author.userID, at: now,
                coverage: try author.caller.coverage(.readingsManage))
            guard let verdict = try await database.first(ReadingQueries.judge(new)) else {
                throw HouseProblem.notFound.problem
            }
            try verdict.check(new)
            try await database.execute(ReadingQueries.correct(reading, at: now))
            try await settle(old.meterId)
        }
    }

    func delete(_ id: ID<Reading>, by author: Author) async throws {
        let seen = try await one(id, for: author.caller)
        try author.caller.require(.readingsManage, seeing: .metersRead, on: seen.path)
        try await database.changing {
            let reading = try await lock(seen)
            try await author.caller.checkMatch()
            try await refuseBilled(id)
            try await database.execute(ReadingQueries.remove(id, at: clock.now()))
            try await settle(reading.meterId)
            await trail.record(
                "reading_deleted", "reading", id.description, old: reading, in: .unit(reading.unit.id), by: author)
        }
    }

    func consumption(of meter: ID<Meter>, _ range: ConsumptionRange, for caller: Caller) async throws -> Consumption {
        _ = try await meters.one(meter, for: caller)
        return try Consumption(
            try await database.one(ReadingQueries.consumption(of: meter, from: range.from, to: range.to)))
    }

    private func correct(
        _ id: ID<Reading>, as action: String, by author: Author, _ body: (Reading) async throws -> Void
    ) async throws -> Reading {
        let seen = try await one(id, for: author.caller)
        try author.caller.require(.readingsManage, seeing: .metersRead, on: seen.path)
        return try await database.changing(refusing: Self.refusals) {
            let old = try await lock(seen)
            try await author.caller.checkMatch()
            try await body(old)
            let new = try await database.one(ReadingQueries.one(id))
            await trail.record(action, "reading", id.description, from: old, to: new, in: .unit(old.unit.id), by: author)
            return new
        }
    }

    /// The reading as it is once its meter is locked, under which readings are corrected.
    private func lock(_ seen: Reading) async throws -> Reading {
        _ = try await database.first(ReadingQueries.lock(seen.meterId))
        guard let reading = try await database.first(ReadingQueries.one(seen.id)) else {
            throw HouseProblem.notFound.problem
        }
        return reading
    }

    private func refuseBilled(_ id: ID<Reading>) async throws {
        if try await database.one(ReadingQueries.isBilled(id)) { throw ReadingProblem.readingBilled }
    }

    private func settle(_ meter: ID<Meter>) async throws {
        try await database.write([ReadingQueries.settleConsumption(of: meter), ReadingQueries.settleLast(of: meter)])
    }

    private static let refusals = ["readings_once_a_day": ReadingProblem.readingExists.problem]
    private static let unknownCursor = InvalidInput(field: "cursor", code: "format", message: "is no cursor of this list")
}

extension Reading {
    /// What was stored, without reading it again.
    fileprivate init(_ id: ID<Reading>, _ new: NewReading, _ verdict: ReadingVerdict) {
        self.init(
            id: id, createdAt: new.at, updatedAt: new.at, meterId: verdict.meterId, unit: verdict.unit,
            condoId: verdict.condoId, companyId: verdict.companyId, meterType: verdict.meterType, userId: new.by,
            value: new.value, zoneValues: new.zones,
            consumption: Quantity(raw: new.value.raw - verdict.previous.raw), readingDate: verdict.day,
            source: new.source, isVerified: verdict.isStaff, verifiedBy: verdict.isStaff ? new.by : nil,
            verifiedAt: verdict.isStaff ? new.at : nil, isForced: new.isForced, notes: new.notes)
    }
}
