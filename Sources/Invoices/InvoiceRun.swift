import JSON
import Values

/// What became of generating a period, or what is becoming of it.
package struct InvoiceRun: WireOutput {
    package enum Status: String, WireEnum { case queued, running, done, failed }

    /// Something that kept a line or an invoice from being made.
    package struct Snag: WireOutput {
        package let debtorID: UUID?
        package let code: String
        /// What it is about, in the product's words: a tariff, a meter.
        package let subject: String?

        package init(debtorID: UUID?, code: String, subject: String?) {
            self.debtorID = debtorID
            self.code = code
            self.subject = subject
        }

        package static let shape = Shape<Snag>(
            output: "InvoiceRunSnag", Field("debtorId", { $0.debtorID }), Field("code", { $0.code }),
            Field("subject", { $0.subject }))
    }

    package let id: UUID?
    package let kind: String
    package let scopeID: UUID
    package let period: Period
    package let status: Status
    package let debtors: Int
    package let created: Int
    package let skipped: Int
    package let total: Money
    package let problems: [Snag]
    package let finishedAt: Instant?

    package init(
        id: UUID?, kind: String, scopeID: UUID, period: Period, status: Status, debtors: Int, created: Int, skipped: Int,
        total: Money, problems: [Snag] = [], finishedAt: Instant? = nil
    ) {
        self.id = id
        self.kind = kind
        self.scopeID = scopeID
        self.period = period
        self.status = status
        self.debtors = debtors
        self.created = created
        self.skipped = skipped
        self.total = total
        self.problems = problems
        self.finishedAt = finishedAt
    }

    package static let shape = Shape<InvoiceRun>(
        output: "InvoiceRun",
        Field("id", { $0.id }, doc: "Null for a dry run"),
        Field("kind", { $0.kind }),
        Field("scopeId", { $0.scopeID }),
        Field("period", { $0.period }),
        Field("status", { $0.status }),
        Field("debtors", { $0.debtors }),
        Field("created", { $0.created }),
        Field("skipped", { $0.skipped }),
        Field("total", { Amount($0.total) }),
        Field("currency", { $0.total.currency }),
        Field("problems", { $0.problems }),
        Field("finishedAt", { $0.finishedAt }))
}
