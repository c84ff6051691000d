import JSON
import Values

extension Reading: WireOutput {
    /// The largest value a meter shows: what `numeric(12,3)` holds.
    static let largest = Quantity(raw: 999_999_999_999)

    static let shape = Shape<Reading>(
        output: "Reading",
        Field("id", { $0.id }),
        Field("createdAt", { $0.createdAt }),
        Field("updatedAt", { $0.updatedAt }),
        Field("meterId", { $0.meterId }),
        Field("unit", { $0.unit }),
        Field("condoId", { $0.condoId }),
        Field("meterType", { $0.meterType }),
        Field("userId", { $0.userId }),
        Field("value", { $0.value }),
        Field("zoneValues", { $0.zoneValues }),
        Field("consumption", { $0.consumption }),
        Field("readingDate", { $0.readingDate }),
        Field("source", { $0.source }),
        Field("isVerified", { $0.isVerified }),
        Field("verifiedBy", { $0.verifiedBy }),
        Field("verifiedAt", { $0.verifiedAt }),
        Field("isForced", { $0.isForced }),
        Field("notes", { $0.notes }))
}

extension MeterTypeRef: WireOutput {
    static let shape = Shape<MeterTypeRef>(
        output: "MeterTypeRef", Field("code", { $0.code }), Field("name", { $0.name }), Field("unit", { $0.unit }))
}

/// A reading as it is submitted.
struct ReadingBody: Shaped {
    let value: Quantity?
    let zoneValues: ZoneValues?
    let readingDate: Day?
    let notes: String?
    let fileId: UUID?
    let force: Bool

    static let shape = Shape(
        "NewReading", ReadingBody.init,
        Field("value", { $0.value }, .range(Quantity(raw: -999_999_999_999)...Reading.largest), doc: "Or zoneValues."),
        Field("zoneValues", { $0.zoneValues }, doc: "A value for each zone; their sum is the value."),
        Field("readingDate", { $0.readingDate }, doc: "Today in the condo's time zone when left out."),
        Field("notes", { $0.notes }, .length(0...2000), .multiline),
        Field("fileId", { $0.fileId }),
        Field("force", { $0.force }, default: { false }, doc: "Managers: against the lower bound and the increase."),
        example: ["value"])

    /// The whole value: as given, or the sum of the zones.
    var total: Quantity {
        get throws {
            guard let total = try value ?? zoneValues?.sum else {
                throw InvalidInput(field: "value", code: "required", message: "Give a value, or zoneValues.")
            }
            guard total > .zero else { throw ReadingProblem.readingNotPositive.on(value == nil ? "zoneValues" : "value") }
            guard total <= Reading.largest else {
                throw InvalidInput(field: "zoneValues", code: "range", message: "must be at most \(Reading.largest)")
            }
            if let zones = zoneValues, try zones.sum != total { throw ReadingProblem.sumMismatch.on("zoneValues") }
            return total
        }
    }
}

/// A correction of a reading.
struct ReadingChange: Shaped {
    let value: Patch<Quantity>
    let zoneValues: Patch<ZoneValues>
    let readingDate: Patch<Day>
    let notes: Patch<String?>

    static let shape = Shape(
        "ReadingChange", ReadingChange.init,
        Field("value", { $0.value }, .range(Quantity(raw: -999_999_999_999)...Reading.largest)),
        Field("zoneValues", { $0.zoneValues }),
        Field("readingDate", { $0.readingDate }),
        Field("notes", { $0.notes }, .length(0...2000), .multiline))

    func apply(to reading: inout Reading) throws {
        if value.isPresent || zoneValues.isPresent {
            let body = ReadingBody(
                value: value.value, zoneValues: zoneValues.value, readingDate: nil, notes: nil, fileId: nil, force: false)
            reading.value = try body.total
            reading.zoneValues = body.zoneValues
        }
        reading.readingDate = readingDate.value(or: reading.readingDate)
        reading.notes = notes.value(or: reading.notes)
    }
}

/// What a list of readings is narrowed by.
struct ReadingFilter: Shaped {
    let condoId: ID<Condo>?
    let unitId: ID<Unit>?
    let meterTypeCode: String?
    let period: Period?
    let isVerified: Bool?

    static let shape = Shape(
        "ReadingFilter", ReadingFilter.init,
        Field("condoId", { $0.condoId }),
        Field("unitId", { $0.unitId }),
        Field("meterTypeCode", { $0.meterTypeCode }, .length(1...50)),
        Field("period", { $0.period }),
        Field("isVerified", { $0.isVerified }))
}

/// Between which days consumption is asked for.
struct ConsumptionRange: Shaped {
    let from: Day
    let to: Day

    static let shape = Shape(
        "ConsumptionRange", ConsumptionRange.init, Field("from", { $0.from }), Field("to", { $0.to }),
        check: { range in
            range.from <= range.to
                ? [] : [FieldError(field: "to", code: "range", message: "must not be before from")]
        })
}
