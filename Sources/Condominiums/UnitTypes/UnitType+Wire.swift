import JSON
import Values

extension UnitType: WireOutput {
    static let shape = Shape<UnitType>(
        output: "UnitType",
        Field("id", { $0.id }),
        Field("createdAt", { $0.createdAt }),
        Field("updatedAt", { $0.updatedAt }),
        Field("condoId", { $0.condoId }, doc: "Absent for the system's types."),
        Field("code", { $0.code }),
        Field("name", { $0.name }))
}

/// A unit type to be.
struct NewUnitType: Shaped {
    let code: String
    let name: String

    static let shape = Shape(
        "NewUnitType", NewUnitType.init,
        Field("code", { $0.code }, .length(1...50), .code),
        Field("name", { $0.name }, .length(1...255)))
}

/// A change of a unit type.
struct UnitTypeBody: Shaped {
    let code: Patch<String>
    let name: Patch<String>

    static let shape = Shape(
        "UnitTypeChange", UnitTypeBody.init,
        Field("code", { $0.code }, .length(1...50), .code),
        Field("name", { $0.name }, .length(1...255)))

    func apply(to type: inout UnitType) {
        type.code = code.value(or: type.code)
        type.name = name.value(or: type.name)
    }
}

extension Rule where Value == String {
    /// What programs call something: `cold_water`.
    static var code: Rule<String> { .pattern("code", example: "heating", \.isCode) }
}

extension String {
    /// Small letters, digits and underscores, a letter first.
    var isCode: Bool {
        utf8.first.map { (97...122).contains($0) } == true
            && utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
    }
}
