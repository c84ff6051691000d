import Identity
import JSON
import Service
import Values

/// What is withheld of a product's payments, and how it came to that.
struct CommissionSet: WireOutput {
    let product: String
    let bases: [String]
    let rules: [CommissionRule]
    let history: [CommissionChange]

    static let shape = Shape<CommissionSet>(
        output: "CommissionSet",
        Field("product", { $0.product }), Field("bases", { $0.bases }, doc: "By what the product's rules may differ."),
        Field("rules", { $0.rules }, doc: "Without a standard rule the setting COMMISSION_PERCENT holds."),
        Field("history", { $0.history }, doc: "Of the trail, the newest first."))
}

/// One change of a product's rules.
struct CommissionChange: WireOutput {
    let record: AuditRecord

    static let shape = Shape<CommissionChange>(
        output: "CommissionChange",
        Field("at", { $0.record.at }), Field("actorName", { $0.record.actorName }),
        Field("oldValues", { $0.record.oldValues }), Field("newValues", { $0.record.newValues }))
}

/// Rules that take the place of all that a product has.
struct NewCommissionSet: Shaped {
    let rules: [CommissionRule]

    static let shape = Shape("NewCommissionSet", Self.init, Field("rules", { $0.rules }, .count(0...200)))
}

/// A payment to be looked at.
struct CommissionTrial: Shaped {
    let amount: DecimalNumber
    let currency: Currency
    let basis: String
    let key: String
    let rules: [CommissionRule]?

    static let shape = Shape(
        "CommissionTrial", Self.init,
        Field("amount", { $0.amount }, .above(0)), Field("currency", { $0.currency }),
        Field("basis", { $0.basis }, .length(1...40), .example("standard"), default: { CommissionBasis.standard }),
        Field("key", { $0.key }, .length(1...60), default: { CommissionRule.everything }),
        Field("rules", { $0.rules }, .count(0...200), doc: "Rules to be tried; left out, those that hold."))

    func money() throws -> Money {
        guard let money = amount.money(currency) else {
            throw InvalidInput(field: "amount", code: "money", message: "has more decimals than the currency, or is too large")
        }
        return money
    }
}

/// What would be withheld of it.
struct CommissionPreview: WireOutput {
    let amount: Money
    /// Nil where no rule says anything.
    let share: Int64?
    let rule: CommissionRule?

    static let shape = Shape<CommissionPreview>(
        output: "CommissionPreview",
        Field("amount", { Amount($0.amount.minor, $0.amount.currency) }), Field("currency", { $0.amount.currency }),
        Field("commission", { preview in preview.share.map { Amount($0, preview.amount.currency) } },
            doc: "Null where no rule holds; the product's payees may have terms of their own, too."),
        Field("net", { preview in preview.share.map { Amount(preview.amount.minor - $0, preview.amount.currency) } }),
        Field("rule", { $0.rule }))
}
