import JSON
import Values

enum Meter {}

enum Source: String, WireEnum { case manual, auto, importing = "import" }

/// One of everything that stands in a body.
struct Reading: Shaped, Equatable {
    var id: ID<Meter>
    var value: Quantity
    var day: Day
    var at: Instant
    var source: Source
    var note: String?
    var count: Int
    var verified: Bool

    static let shape = Shape<Self>(
        "Reading", Self.init,
        Field("id", { $0.id }),
        Field("value", { $0.value }, .range(0...), doc: "Position of the counter"),
        Field("day", { $0.day }),
        Field("at", { $0.at }),
        Field("source", { $0.source }),
        Field("note", { $0.note }, .length(1...20)),
        Field("count", { $0.count }, .range(1...12)),
        Field("verified", { $0.verified }, default: { false }))

    static let sample = Reading(
        id: ID(UUID("0189f7e2-4b1c-7def-8123-456789abcdef")!), value: Quantity("12.345")!, day: Day("2026-11-21")!,
        at: Instant("2026-11-21T10:24:57.123Z")!, source: .manual, note: nil, count: 3, verified: true)
}

struct Line: Shaped, Equatable {
    var title: String
    var quantity: DecimalNumber
    static let shape = Shape<Self>(
        "Line", Self.init, Field("title", { $0.title }, .length(1...10)), Field("quantity", { $0.quantity }, .above(0)))
}

struct Order: Shaped, Equatable {
    var lines: [Line]
    var tags: [String]
    var zones: [String: Quantity]
    var contact: String?

    static let shape = Shape<Self>(
        "Order", Self.init,
        Field("lines", { $0.lines }, .count(1...3)),
        Field("tags", { $0.tags }, .each(.length(1...5)), .distinct(), default: { [] }),
        Field("zones", { $0.zones }, default: { [:] }),
        Field("contact", { $0.contact }, .email),
        check: { order in
            order.lines.first?.title == "none"
                ? [FieldError(field: "lines", code: "none", message: "must name something")] : []
        })
}

struct ReadingPatch: Shaped, Equatable {
    var note: Patch<String?>
    var value: Patch<Quantity>
    static let shape = Shape<Self>(
        "ReadingPatch", Self.init, Field("note", { $0.note }, .length(...5)), Field("value", { $0.value }, .range(0...)))
}

struct Answer: WireOutput {
    var total: Amount
    var lines: [Line]
    var next: String?
    static let shape = Shape<Self>(
        output: "Answer", Field("total", { $0.total }), Field("lines", { $0.lines }), Field("next", { $0.next }))
}
