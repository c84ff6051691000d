import JSON
import Service
import Values

struct NewCategoryBody: Shaped {
    let scopeType: String
    let scopeID: UUID?
    let code: String
    let names: [String: String]
    let icon: String?
    let color: String?
    let slaHours: Int?
    let autoAssign: Bool

    static let shape = Shape<NewCategoryBody>(
        "NewTicketCategory", Self.init,
        Field("scopeType", { $0.scopeType }, .length(1...40), .example("platform")),
        Field("scopeId", { $0.scopeID }),
        Field(
            "code", { $0.code },
            .pattern("category code", example: "lighting", CategoryCode.isCode), .length(1...50),
            doc: "Of a category of the system: takes its place in the scope"),
        Field(
            "names", { $0.names }, .count(1...13), .each(.length(1...100)), CategoryCode.languages, .example(["en": "Lighting"]),
            doc: "By language; English is required"),
        Field("icon", { $0.icon }, .length(1...50)),
        Field("color", { $0.color }, .pattern("colour", example: "#3366cc", CategoryCode.isColor)),
        Field("slaHours", { $0.slaHours }, .range(1...8760)),
        Field("autoAssign", { $0.autoAssign }, default: { true }))

    var scope: Scope { Scope(ScopeType(scopeType), scopeID) }
}

struct ChangedCategoryBody: Shaped {
    let names: Patch<[String: String]>
    let icon: Patch<String?>
    let color: Patch<String?>
    let slaHours: Patch<Int?>
    let autoAssign: Patch<Bool>

    static let shape = Shape<ChangedCategoryBody>(
        "ChangedTicketCategory", Self.init,
        Field("names", { $0.names }, .count(1...13), .each(.length(1...100)), CategoryCode.languages,
            .example(["en": "Lighting"])),
        Field("icon", { $0.icon }, .length(1...50)),
        Field("color", { $0.color }, .pattern("colour", example: "#3366cc", CategoryCode.isColor)),
        Field("slaHours", { $0.slaHours }, .range(1...8760)),
        Field("autoAssign", { $0.autoAssign }))
}

struct CategoryFilter: Shaped {
    let scopeType: String
    let scopeID: UUID?

    static let shape = Shape<CategoryFilter>(
        "TicketCategoryFilter", Self.init,
        Field("scopeType", { $0.scopeType }, .length(1...40), default: { "platform" }),
        Field("scopeId", { $0.scopeID }, doc: "With it: those that hold in the scope, its own before the usual ones"))

    var scope: Scope { Scope(ScopeType(scopeType), scopeID) }
}

enum CategoryCode {
    static func isCode(_ text: String) -> Bool {
        guard let first = text.utf8.first, (97...122).contains(first) else { return false }
        return text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
    }

    static func isColor(_ text: String) -> Bool {
        text.utf8.count == 7 && text.utf8.first == UInt8(ascii: "#")
            && text.utf8.dropFirst().allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    static let languages = Rule<[String: String]>.check(
        code: "language", message: "must have English (en) and two-letter languages"
    ) { names in
        names["en"] != nil && names.keys.allSatisfy { $0.utf8.count == 2 && $0.utf8.allSatisfy { (97...122).contains($0) } }
    }
}
