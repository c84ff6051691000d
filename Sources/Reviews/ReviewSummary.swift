import JSON
import Postgres
import Values

/// What the visible reviews of a subject come to.
struct ReviewSummary: Row, Equatable {
    /// How many gave one star, two, … five.
    let histogram: [Int]

    init(histogram: [Int]) { self.histogram = histogram }

    static let none = ReviewSummary(histogram: [0, 0, 0, 0, 0])

    init(_ row: inout RowReader) throws {
        histogram = [try row.next(), try row.next(), try row.next(), try row.next(), try row.next()]
    }

    var count: Int { histogram.reduce(0, +) }
    var sum: Int { histogram.enumerated().reduce(0) { $0 + ($1.offset + 1) * $1.element } }

    /// Sum by count, two decimals, half up; nil of none.
    var mean: Percent? {
        count == 0 ? nil : Percent(raw: Int64((200 * sum + count) / (2 * count)))
    }
}

extension ReviewSummary: WireOutput {
    static let shape = Shape<ReviewSummary>(
        output: "ReviewSummary",
        Field("count", { $0.count }), Field("mean", { $0.mean }, doc: "Two decimals; null without reviews"),
        Field("histogram", { $0.histogram }, doc: "How many gave one star, two, to five"))
}
