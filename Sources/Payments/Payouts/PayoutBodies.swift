import Invoices
import JSON
import Values

struct PayoutFilter: Shaped {
    var payeeID: UUID?
    var status: PayoutStatus?
    var currency: Currency?
    var from: Day?
    var to: Day?

    static let shape = Shape<PayoutFilter>(
        "PayoutFilter", Self.init,
        Field("payeeId", { $0.payeeID }),
        Field("status", { $0.status }),
        Field("currency", { $0.currency }),
        Field("from", { $0.from }, doc: "Formed on or after, in UTC"),
        Field("to", { $0.to }, doc: "Formed on or before, in UTC"))
}

/// Somebody is to be paid out now, without waiting for a run.
struct NewPayoutBody: Shaped {
    let payeeType: String
    let payeeID: UUID
    let currency: Currency
    let notes: String?

    static let shape = Shape<NewPayoutBody>(
        "NewPayout", Self.init,
        Field("payeeType", { $0.payeeType }, .length(1...40), .example("company")),
        Field("payeeId", { $0.payeeID }),
        Field("currency", { $0.currency }),
        Field("notes", { $0.notes }, .length(1...500), .multiline))
}

struct ProcessedPayoutBody: Shaped {
    let method: PayoutMethod?
    let notes: String?

    static let shape = Shape<ProcessedPayoutBody>(
        "ProcessedPayout", Self.init,
        Field("method", { $0.method }, doc: "provider is carried out by one that is set up; bank_transfer, card and wallet by hand. Else as PAYOUT_MODE says"),
        Field("notes", { $0.notes }, .length(1...500), .multiline))
}

struct ProcessedPayoutsBody: Shaped {
    let ids: [ID<Payout>]
    let method: PayoutMethod?
    let notes: String?

    static let shape = Shape<ProcessedPayoutsBody>(
        "ProcessedPayouts", Self.init,
        Field("ids", { $0.ids }, .count(1...100)),
        Field("method", { $0.method }),
        Field("notes", { $0.notes }, .length(1...500), .multiline))
}

struct CancelledPayoutBody: Shaped {
    let reason: String

    static let shape = Shape<CancelledPayoutBody>(
        "CancelledPayout", Self.init, Field("reason", { $0.reason }, .length(10...500), .multiline))
}

struct AdjustedPayoutBody: Shaped {
    let amount: DecimalNumber
    let reason: String

    static let shape = Shape<AdjustedPayoutBody>(
        "AdjustedPayout", Self.init,
        Field("amount", { $0.amount }, .above(0), doc: "At most what it is made of; what is taken off stays with the platform"),
        Field("reason", { $0.reason }, .length(10...500), .multiline))
}

extension Payout: WireOutput {
    package static let shape = Shape<Payout>(
        output: "Payout",
        Field("id", { $0.id }),
        Field("number", { $0.number }),
        Field("payee", { PartyView($0.payee) }),
        Field("gross", { Amount($0.gross) }, doc: "What was received for the payee"),
        Field("commission", { Amount($0.commission) }, doc: "Less what of it went back with refunds"),
        Field("adjustment", { Amount($0.adjustment) }, doc: "Refunds, and what staff have decided"),
        Field("amount", { Amount($0.amount) }, doc: "gross − commission + adjustment"),
        Field("currency", { $0.amount.currency }),
        Field("from", { $0.from }),
        Field("to", { $0.to }),
        Field("dueOn", { $0.dueOn }),
        Field("itemsCount", { $0.itemsCount }),
        Field("status", { $0.state.status }),
        Field("method", { $0.method }),
        Field("providerPayoutId", { $0.providerID }),
        Field("approvedBy", { $0.approvedBy }, doc: "Who let it go first, where two have to"),
        Field("approvedAt", { $0.approvedAt }),
        Field("transfer", { $0.transfer }, doc: "Who transfers it: bank for by hand, or a provider"),
        Field("processedBy", { $0.processedBy }),
        Field("processedAt", { $0.processedAt }),
        Field("completedAt", { $0.completedAt }),
        Field("failure", { $0.failure }),
        Field("notes", { $0.notes }),
        Field("createdAt", { $0.createdAt }),
        Field("updatedAt", { $0.updatedAt }))
}

/// A payout with what it is made of.
struct PayoutView: WireOutput {
    let payout: Payout
    let items: [PayoutItemView]

    static let shape = Shape<PayoutView>(
        output: "PayoutWithItems",
        Field("payout", { $0.payout }),
        Field("items", { $0.items }, doc: "Payments, and refunds that take away from them; at most 5,000"))
}

struct PayoutItemView: WireOutput {
    let item: PayoutItem
    let currency: Currency

    static let shape = Shape<PayoutItemView>(
        output: "PayoutItem",
        Field("object", { PartyView($0.item.object) }),
        Field("amount", { Amount($0.item.amount, $0.currency) }),
        Field("commission", { Amount($0.item.commission, $0.currency) }),
        Field("net", { Amount($0.item.net, $0.currency) }),
        Field("releasedAt", { $0.item.releasedAt }, doc: "When the payout was given up and this became free for another"))
}

/// What became of each of several.
struct PayoutBatch: WireOutput {
    let results: [PayoutResult]

    static let shape = Shape<PayoutBatch>(
        output: "PayoutBatch",
        Field("processed", { $0.results.count { $0.code == nil } }),
        Field("failed", { $0.results.count { $0.code != nil } }),
        Field("results", { $0.results }))
}

struct PayoutResult: WireOutput {
    let id: ID<Payout>
    /// Why not; nil when it has been let go.
    let code: String?

    static let shape = Shape<PayoutResult>(
        output: "PayoutResult", Field("id", { $0.id }), Field("code", { $0.code }, doc: "Null when it is on its way"))
}

/// What others may hear of a payout: `payout.succeeded`, `payout.failed`.
struct PayoutNews: WireOutput {
    let payout: Payout

    static let shape = Shape<PayoutNews>(
        output: "PayoutNews",
        Field("number", { $0.payout.number }),
        Field("payee", { PartyView($0.payout.payee) }),
        Field("amount", { Amount($0.payout.amount) }),
        Field("currency", { $0.payout.amount.currency }))
}
