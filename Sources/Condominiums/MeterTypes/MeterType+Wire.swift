import JSON
import Values

extension MeterType: WireOutput {
    static let shape = Shape<MeterType>(
        output: "MeterType",
        Field("id", { $0.id }),
        Field("createdAt", { $0.createdAt }),
        Field("updatedAt", { $0.updatedAt }),
        Field("companyId", { $0.companyId }),
        Field("condoId", { $0.condoId }, doc: "With companyId null too, it is the system's."),
        Field("code", { $0.code }),
        Field("name", { $0.name }),
        Field("description", { $0.description }),
        Field("unit", { $0.unit }),
        Field("icon", { $0.icon }),
        Field("zones", { $0.zones }),
        Field("maxMonthlyIncrease", { $0.maxMonthlyIncrease }))
}

/// A meter type to be, of a condo or of a whole company.
struct NewMeterType: Shaped {
    let condoId: ID<Condo>?
    let companyId: ID<Company>?
    let code: String
    let name: String
    let unit: String
    let zones: [String]
    let maxMonthlyIncrease: Quantity?
    let icon: String?
    let description: String?

    static let shape = Shape(
        "NewMeterType", NewMeterType.init,
        Field("condoId", { $0.condoId }),
        Field("companyId", { $0.companyId }),
        Field("code", { $0.code }, .length(1...50), .code),
        Field("name", { $0.name }, .length(1...255)),
        Field("unit", { $0.unit }, .length(1...50)),
        Field("zones", { $0.zones }, .count(0...4), .each(.length(1...50), .code), .distinct(), default: { [] }),
        Field("maxMonthlyIncrease", { $0.maxMonthlyIncrease }, .above(0), .range(...Reading.largest)),
        Field("icon", { $0.icon }, .length(1...50)),
        Field("description", { $0.description }, .length(0...5000), .multiline),
        example: ["condoId"],
        check: { type in
            (type.condoId == nil) == (type.companyId == nil)
                ? [FieldError(field: "condoId", code: "required", message: "Name a condo or a company.")] : []
        })
}

/// A change of a meter type. Code and zones stay: readings and tariffs go by them.
struct MeterTypeBody: Shaped {
    let name: Patch<String>
    let unit: Patch<String>
    let maxMonthlyIncrease: Patch<Quantity?>
    let icon: Patch<String?>
    let description: Patch<String?>

    static let shape = Shape(
        "MeterTypeChange", MeterTypeBody.init,
        Field("name", { $0.name }, .length(1...255)),
        Field("unit", { $0.unit }, .length(1...50)),
        Field("maxMonthlyIncrease", { $0.maxMonthlyIncrease }, .above(0), .range(...Reading.largest)),
        Field("icon", { $0.icon }, .length(1...50)),
        Field("description", { $0.description }, .length(0...5000), .multiline))

    func apply(to type: inout MeterType) {
        type.name = name.value(or: type.name)
        type.unit = unit.value(or: type.unit)
        type.maxMonthlyIncrease = maxMonthlyIncrease.value(or: type.maxMonthlyIncrease)
        type.icon = icon.value(or: type.icon)
        type.description = description.value(or: type.description)
    }
}

/// Whose meter types.
struct MeterTypeFilter: Shaped {
    let condoId: ID<Condo>?

    static let shape = Shape("MeterTypeFilter", MeterTypeFilter.init, Field("condoId", { $0.condoId }))
}
