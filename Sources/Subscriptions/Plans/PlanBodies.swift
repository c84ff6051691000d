import JSON
import Postgres
import Service
import Values

struct PriceBody: Shaped {
    let cycle: BillingCycle
    let currency: Currency
    let amount: DecimalNumber

    static let shape = Shape<PriceBody>(
        "NewPlanPrice", Self.init,
        Field("cycle", { $0.cycle }), Field("currency", { $0.currency }), Field("amount", { $0.amount }))
}

struct NewPlanBody: Shaped {
    let product: String
    let subscriberType: String
    let name: String
    let slug: String
    let description: String?
    let type: PlanType
    let prices: [PriceBody]
    let limits: [String: Int]
    let features: [String]
    let permissions: [String]
    let discountPercent: Percent
    let trialDays: Int?
    let isPopular: Bool
    let displayOrder: Int

    static let shape = Shape<NewPlanBody>(
        "NewPlan", Self.init,
        Field("product", { $0.product }, .length(1...40), .example("platform")),
        Field("subscriberType", { $0.subscriberType }, .length(1...40), .example("user"), doc: "user, or the type of a scope"),
        Field("name", { $0.name }, .length(1...100)),
        Field("slug", { $0.slug }, PlanNames.slug),
        Field("description", { $0.description }, .length(1...2000), .multiline),
        Field("type", { $0.type }),
        Field("prices", { $0.prices }, .count(0...50), doc: "What lacks is made of the monthly price; a free plan needs none"),
        Field(
            "limits", { $0.limits }, .count(0...50), .each(.range(-1...1_000_000_000)), default: { [:] },
            doc: "By name; -1 is no limit"),
        Field("features", { $0.features }, .count(0...100), .each(.length(1...60)), .distinct(), default: { [] }),
        Field("permissions", { $0.permissions }, .count(0...100), .each(.length(1...60)), .distinct(), default: { [] }),
        Field(
            "discountPercent", { $0.discountPercent }, .range(0...100), default: { 0 },
            doc: "Shown beside the price, which it does not change"),
        Field("trialDays", { $0.trialDays }, .range(0...365), doc: "None unless given; of a plan of the type trial TRIAL_DAYS"),
        Field("isPopular", { $0.isPopular }, default: { false }),
        Field("displayOrder", { $0.displayOrder }, .range(0...100_000), default: { 0 }))
}

struct ChangedPlanBody: Shaped {
    let name: Patch<String>
    let slug: Patch<String>
    let description: Patch<String?>
    let prices: Patch<[PriceBody]>
    let limits: Patch<[String: Int]>
    let features: Patch<[String]>
    let permissions: Patch<[String]>
    let discountPercent: Patch<Percent>
    let trialDays: Patch<Int>
    let isActive: Patch<Bool>
    let isPopular: Patch<Bool>
    let displayOrder: Patch<Int>

    static let shape = Shape<ChangedPlanBody>(
        "ChangedPlan", Self.init,
        Field("name", { $0.name }, .length(1...100)),
        Field("slug", { $0.slug }, PlanNames.slug),
        Field("description", { $0.description }, .length(1...2000), .multiline),
        Field("prices", { $0.prices }, .count(0...50), doc: "All of them; they touch new periods"),
        Field("limits", { $0.limits }, .count(0...50), .each(.range(-1...1_000_000_000))),
        Field("features", { $0.features }, .count(0...100), .each(.length(1...60)), .distinct()),
        Field("permissions", { $0.permissions }, .count(0...100), .each(.length(1...60)), .distinct()),
        Field("discountPercent", { $0.discountPercent }, .range(0...100)),
        Field("trialDays", { $0.trialDays }, .range(0...365)),
        Field("isActive", { $0.isActive }), Field("isPopular", { $0.isPopular }),
        Field("displayOrder", { $0.displayOrder }, .range(0...100_000)))
}

struct PlanFilter: Shaped {
    let product: String?
    let subscriberType: String?

    static let shape = Shape<PlanFilter>(
        "PlanFilter", Self.init,
        Field("product", { $0.product }, .length(1...40)), Field("subscriberType", { $0.subscriberType }, .length(1...40)))
}

enum PlanNames {
    static let slug = Rule<String>.pattern("slug", example: "starter") { text in
        !text.isEmpty && text.utf8.count <= 50
            && text.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
            }
    }

    /// Exact amounts, one for each cycle and currency.
    static func prices(_ bodies: [PriceBody]) throws -> [PlanPrice] {
        var errors: [FieldError] = []
        var prices: [PlanPrice] = []
        for (index, body) in bodies.enumerated() {
            guard let minor = body.amount.minorUnits(of: body.currency), (0...99_999_999_999).contains(minor) else {
                errors.append(
                    FieldError(
                        field: "prices[\(index)].amount", code: "range",
                        message: "Not below 0, with the currency's decimals."))
                continue
            }
            if prices.contains(where: { $0.cycle == body.cycle && $0.currency == body.currency }) {
                errors.append(FieldError(field: "prices[\(index)]", code: "distinct", message: "This cycle has a price already."))
            }
            prices.append(PlanPrice(cycle: body.cycle, money: Money(minor: minor, currency: body.currency)))
        }
        if !errors.isEmpty { throw InvalidInput(errors) }
        return prices
    }
}

extension PlanPrice: WireOutput {
    static let shape = Shape<PlanPrice>(
        output: "PlanPrice",
        Field("cycle", { $0.cycle }), Field("currency", { $0.currency }), Field("amount", { Amount($0.money) }))
}

extension Plan: WireOutput {
    package static let shape = Shape<Plan>(
        output: "Plan",
        Field("id", { $0.id }), Field("product", { $0.product }), Field("subscriberType", { $0.subscriberType }),
        Field("slug", { $0.slug }), Field("name", { $0.name }), Field("description", { $0.description }),
        Field("type", { $0.type }), Field("limits", { $0.limits }, doc: "By name; -1 is no limit"),
        Field("features", { $0.features }), Field("permissions", { $0.permissions }),
        Field("discountPercent", { $0.discountPercent }), Field("trialDays", { $0.trialDays }),
        Field("isActive", { $0.isActive }), Field("isPopular", { $0.isPopular }),
        Field("displayOrder", { $0.displayOrder }), Field("prices", { $0.prices }), Field("createdAt", { $0.createdAt }),
        Field("updatedAt", { $0.updatedAt }))
}

/// A plan with how many have it.
struct CountedPlan: Row, WireOutput {
    let plan: Plan
    let subscribers: Int

    init(_ row: inout RowReader) throws {
        subscribers = try row.next()
        plan = try Plan(&row)
    }

    static let shape = Shape<CountedPlan>(
        output: "CountedPlan", Field("plan", { $0.plan }), Field("subscribers", { $0.subscribers }, doc: "Live ones"))
}
