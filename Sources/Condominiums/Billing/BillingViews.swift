import JSON
import Values

extension BillingRun: WireOutput {
    static let shape = Shape<BillingRun>(
        output: "BillingRun",
        Field("id", { $0.id }),
        Field("createdAt", { $0.createdAt }),
        Field("condoId", { $0.condoId }),
        Field("period", { $0.period }),
        Field("unitIds", { $0.unitIds }),
        Field("startedBy", { $0.startedBy }, doc: "Null: the scheduler."),
        Field("status", { $0.status }),
        Field("units", { $0.units }),
        Field("created", { $0.created }),
        Field("skipped", { $0.skipped }),
        Field("total", { Amount($0.total) }),
        Field("currency", { $0.total.currency }),
        Field("problems", { $0.problems }, doc: "Unit, code, and the tariff or meter it is about."),
        Field("finishedAt", { $0.finishedAt }))
}

extension BillingProblem: JSONWritable {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("unit", unit)
        writer.member("code", code.rawValue)
        writer.member("subject", subject)
        writer.endObject()
    }
}

extension BillingProblem: SchemaDescribed {
    static var schema: Schema {
        .object([
            .init(name: "unit", schema: UUID.schema, isRequired: true),
            .init(name: "code", schema: String.schema, isRequired: true),
            .init(name: "subject", schema: String.schema, isRequired: true),
        ])
    }
}

/// What a month would charge.
struct BillingPreview: WireOutput {
    private(set) var units = 0
    private(set) var total: Money
    private(set) var problems: [BillingProblem] = []
    private var totals: [String: Money] = [:]

    init(in currency: Currency) { total = .zero(currency) }

    var items: [Item] { totals.sorted { $0.key < $1.key }.map { Item(code: $0.key, total: $0.value) } }

    /// Adds what a unit is charged. It is added whole or, where the sum is more than money can be, not at all.
    mutating func add(_ charges: UnitCharges) throws(ArithmeticError) {
        var next = self
        next.units += 1
        next.total = try next.total + charges.total
        for line in charges.lines {
            next.totals[line.tariff.code] = try (next.totals[line.tariff.code] ?? .zero(total.currency)) + line.amount
        }
        for problem in charges.problems { next.report(problem) }
        self = next
    }

    /// Adds a unit that cannot be charged.
    mutating func add(_ problem: BillingProblem) {
        units += 1
        report(problem)
    }

    /// At most a thousand, as a run keeps.
    private mutating func report(_ problem: BillingProblem) {
        if problems.count < 1000 { problems.append(problem) }
    }

    struct Item: WireOutput {
        let code: String
        let total: Money

        static let shape = Shape<Item>(
            output: "BillingPreviewItem", Field("code", { $0.code }), Field("total", { Amount($0.total) }))
    }

    static let shape = Shape<BillingPreview>(
        output: "BillingPreview",
        Field("units", { $0.units }),
        Field("total", { Amount($0.total) }),
        Field("currency", { $0.total.currency }),
        Field("items", { $0.items }),
        Field("problems", { $0.problems }))
}

/// Which of a condo's runs.
struct BillingRunFilter: Shaped {
    let status: BillingRunStatus?
    let period: Period?

    static let shape = Shape(
        "BillingRunFilter", BillingRunFilter.init, Field("status", { $0.status }), Field("period", { $0.period }))
}
