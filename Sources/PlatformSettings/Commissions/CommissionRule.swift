import JSON
import Payments
import Postgres
import Service
import Values

/// What the platform withholds of a product's payments on some basis: the product's own standard, a category of goods, a
/// kind of consultation.
package struct CommissionRule: Sendable {
    let basis: String
    /// One of the basis; `*` for all that have no rule of their own.
    let key: String
    let rate: Percent
    let fixed: Int64
    let minimum: Int64
    let maximum: Int64?

    package static let everything = "*"

    var commission: Commission { Commission(fixed: fixed, percent: rate, minimum: minimum, maximum: maximum) }

    /// As the trail keeps it.
    var text: String {
        let bounds = minimum == 0 && maximum == nil ? "" : " within \(minimum)…\(maximum.map { "\($0)" } ?? "")"
        return "\(basis)/\(key): \(rate) %\(fixed == 0 ? "" : " + \(fixed)")\(bounds)"
    }
}

extension CommissionRule: Row {
    package init(_ row: inout RowReader) throws {
        basis = try row.next()
        key = try row.next()
        rate = try row.next()
        fixed = try row.next()
        minimum = try row.next()
        maximum = try row.next()
    }
}

extension CommissionRule: Shaped {
    package static let shape = Shape(
        "CommissionRule", Self.init(basis:key:rate:fixed:minimum:maximum:),
        Field("basis", { $0.basis }, .length(1...40), .example("standard"), doc: "One that the product has."),
        Field("key", { $0.key }, .length(1...60), default: { everything },
            doc: "One of the basis; * for all that have no rule of their own."),
        Field("rate", { $0.rate }, .range(0...100), doc: "In percent."),
        Field("fixed", { $0.fixed }, .range(0...1_000_000_000_000), default: { 0 },
            doc: "Besides, in minor units of the payment's currency."),
        Field("minimum", { $0.minimum }, .range(0...1_000_000_000_000), default: { 0 }, doc: "Minor units."),
        Field("maximum", { $0.maximum }, .range(0...1_000_000_000_000), doc: "Minor units."),
        check: { rule in
            guard let maximum = rule.maximum, maximum < rule.minimum else { return [] }
            return [FieldError(field: "maximum", code: "range", message: "must not lie below minimum")]
        })
}

/// By what a product's commission may differ.
package struct CommissionBasis: Sendable {
    package let product: String
    package let name: String

    /// What holds where no narrower basis does; every product has it.
    package static let standard = "standard"

    package init(product: String, name: String) {
        self.product = product
        self.name = name
    }
}
