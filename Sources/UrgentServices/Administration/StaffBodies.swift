import JSON
import Values

/// Why staff do something; the trail keeps it.
struct ReasonBody: Shaped {
    let reason: String

    static let shape = Shape<ReasonBody>("UrgentReason", Self.init, Field("reason", { $0.reason }, .length(3...500), .multiline, .example("Asked for by the customer")), ignoresUnknown: true)
}

extension Rule where Value == Int {
    static var listLimit: Rule { .range(1...100) }
    static var listOffset: Rule { .range(0...1_000_000_000) }
}
