import JSON
import Postgres
import Values

/// What a meter counted between two days.
struct Consumption: WireOutput {
    let consumption: Quantity
    let startValue: Quantity
    let endValue: Quantity
    let readings: Int

    init(_ row: ConsumptionRow) throws {
        startValue = row.start
        endValue = row.end
        consumption = try row.end - row.start
        readings = row.readings
    }

    static let shape = Shape<Consumption>(
        output: "Consumption",
        Field("consumption", { $0.consumption }),
        Field("startValue", { $0.startValue }),
        Field("endValue", { $0.endValue }),
        Field("readings", { $0.readings }))
}

struct ConsumptionRow: Row {
    let start: Quantity
    let end: Quantity
    let readings: Int

    init(_ row: inout RowReader) throws {
        start = try row.next()
        end = try row.next()
        readings = try row.next()
    }
}
