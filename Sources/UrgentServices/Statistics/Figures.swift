import JSON
import Postgres
import Values

struct PeopleFigures: Row, WireOutput {
    let total: Int
    let new: Int
    let blocked: Int
    let notified: Int

    init(_ row: inout RowReader) throws {
        total = try row.next()
        new = try row.next()
        blocked = try row.next()
        notified = try row.next()
    }

    static let shape = Shape<PeopleFigures>(
        output: "UrgentPeopleFigures",
        Field("total", { $0.total }), Field("new", { $0.new }, doc: "Who came within the range"),
        Field("blocked", { $0.blocked }), Field("notifications_enabled", { $0.notified }))
}

struct OrderFigures: Row, WireOutput {
    let created: Int
    let activeNow: Int
    let completed: Int
    let expired: Int
    let expiredUntaken: Int
    let closed: Int
    let deleted: Int
    /// Takes of an order that was not deleted.
    let takesOfEach: Percent
    /// Until half of the orders that were taken at all had been; nil where none was.
    let medianSecondsToTake: Int?

    init(_ row: inout RowReader) throws {
        created = try row.next()
        activeNow = try row.next()
        completed = try row.next()
        expired = try row.next()
        expiredUntaken = try row.next()
        closed = try row.next()
        deleted = try row.next()
        takesOfEach = try row.next()
        medianSecondsToTake = try row.next()
    }

    static let shape = Shape<OrderFigures>(
        output: "UrgentOrderFigures",
        Field("created", { $0.created }, doc: "Within the range; the others are what has become of these, but active_now"),
        Field("active_now", { $0.activeNow }), Field("completed", { $0.completed }), Field("expired", { $0.expired }),
        Field("expired_without_take", { $0.expiredUntaken }), Field("closed_no_response", { $0.closed }),
        Field("deleted", { $0.deleted }))
}

struct TakeFigures: Row {
    let count: Int
    /// In roubles.
    let spent: Int

    init(_ row: inout RowReader) throws {
        count = try row.next()
        spent = try row.next()
    }
}

struct OpinionFigures: Row {
    let reviews: Int
    let average: Percent
    let hidden: Int
    let open: Int
    let accepted: Int
    let rejected: Int

    init(_ row: inout RowReader) throws {
        reviews = try row.next()
        average = try row.next()
        hidden = try row.next()
        open = try row.next()
        accepted = try row.next()
        rejected = try row.next()
    }
}

/// In roubles.
struct MoneyFigures: Row {
    let recharged: Int
    let refunded: Int
    let adjusted: Int
    let pending: Int
    let balance: Int

    init(_ row: inout RowReader) throws {
        recharged = try row.next()
        refunded = try row.next()
        adjusted = try row.next()
        pending = try row.next()
        balance = try row.next()
    }
}

struct DayFigures: Row, WireOutput {
    let day: Day
    let orders: Int
    let takes: Int
    /// Nil for those who may not see money.
    var recharged: Int?

    init(_ row: inout RowReader) throws {
        day = try row.next()
        orders = try row.next()
        takes = try row.next()
        recharged = try row.next()
    }

    static let shape = Shape<DayFigures>(
        output: "UrgentDayFigures",
        Field("date", { $0.day }), Field("orders", { $0.orders }), Field("takes", { $0.takes }),
        Field("recharged", { $0.recharged }, doc: "For administrators"))
}

/// How many orders a town or a category has had.
struct NamedCount: Row {
    let name: String
    let count: Int

    init(_ row: inout RowReader) throws {
        name = try row.next()
        count = try row.next()
    }
}
