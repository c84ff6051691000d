import JSON
import Service
import Values

extension FeatureFlag: WireOutput {
    package static let shape = Shape<FeatureFlag>(
        output: "FeatureFlag",
        Field("id", { $0.id }), Field("createdAt", { $0.createdAt }), Field("updatedAt", { $0.updatedAt }),
        Field("key", { $0.key }), Field("name", { $0.name }), Field("description", { $0.description }),
        Field("category", { $0.category }), Field("isEnabled", { $0.isEnabled }),
        Field("rolloutPercentage", { $0.rolloutPercentage }), Field("environments", { $0.environments }),
        Field("enabledFor", { $0.enabledFor }))
}

/// A flag to be.
struct NewFlag: Shaped {
    let key: String
    let name: String
    let description: String?
    let category: String
    let isEnabled: Bool
    let rolloutPercentage: Int
    let environments: [Deployment]
    let enabledFor: [UUID]

    static let shape = Shape(
        "NewFeatureFlag", Self.init,
        Field("key", { $0.key }, .length(1...100), .pattern("flag key", example: "new_checkout", Self.isKey)),
        Field("name", { $0.name }, .length(1...100)),
        Field("description", { $0.description }, .length(0...500), .multiline),
        Field("category", { $0.category }, .length(1...40), default: { "general" }, doc: "A product's name, or general."),
        Field("isEnabled", { $0.isEnabled }, default: { false }),
        Field("rolloutPercentage", { $0.rolloutPercentage }, .range(0...100), default: { 0 }),
        Field("environments", { $0.environments }, .count(0...3), .distinct(), default: { [] }, doc: "Empty for all."),
        Field("enabledFor", { $0.enabledFor }, .count(0...1000), .distinct(), default: { [] },
            doc: "Users who have it whatever the share."))

    private static func isKey(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 97 && $0 <= 122 || $0 >= 48 && $0 <= 57 || $0 == 95 || $0 == 45 || $0 == 46 }
    }

    func flag(at now: Instant) -> FeatureFlag {
        FeatureFlag(
            id: .new(), createdAt: now, updatedAt: now, key: key, name: name, description: description, category: category,
            isEnabled: isEnabled, rolloutPercentage: rolloutPercentage, environments: environments, enabledFor: enabledFor)
    }
}

/// A change of a flag; its key stays, since programs ask by it.
struct FlagChange: Shaped {
    let name: Patch<String>
    let description: Patch<String?>
    let category: Patch<String>
    let isEnabled: Patch<Bool>
    let rolloutPercentage: Patch<Int>
    let environments: Patch<[Deployment]>
    let enabledFor: Patch<[UUID]>

    static let shape = Shape(
        "FeatureFlagChange", Self.init,
        Field("name", { $0.name }, .length(1...100)),
        Field("description", { $0.description }, .length(0...500), .multiline),
        Field("category", { $0.category }, .length(1...40)),
        Field("isEnabled", { $0.isEnabled }),
        Field("rolloutPercentage", { $0.rolloutPercentage }, .range(0...100)),
        Field("environments", { $0.environments }, .count(0...3), .distinct()),
        Field("enabledFor", { $0.enabledFor }, .count(0...1000), .distinct()))

    func apply(to flag: inout FeatureFlag, at now: Instant) {
        flag.updatedAt = now
        flag.name = name.value(or: flag.name)
        flag.description = description.value(or: flag.description)
        flag.category = category.value(or: flag.category)
        flag.isEnabled = isEnabled.value(or: flag.isEnabled)
        flag.rolloutPercentage = rolloutPercentage.value(or: flag.rolloutPercentage)
        flag.environments = environments.value(or: flag.environments)
        flag.enabledFor = enabledFor.value(or: flag.enabledFor)
    }
}

/// What a list of flags is narrowed to.
struct FlagFilter: Shaped {
    var category: String?
    var isEnabled: Bool?
    var q: String?

    static let shape = Shape(
        "FeatureFlagFilter", Self.init,
        Field("category", { $0.category }, .length(1...40)), Field("isEnabled", { $0.isEnabled }),
        Field("q", { $0.q }, .length(1...100), doc: "Searches key and name."))
}
