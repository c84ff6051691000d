import JSON
import Values

extension Tariff: WireOutput {
    static let shape = Shape<Tariff>(
        output: "Tariff",
        Field("id", { $0.id }),
        Field("condoId", { $0.condo }),
        Field("isDefault", { $0.condo == nil }),
        Field("kind", { $0.kind }),
        Field("code", { $0.code }),
        Field("name", { $0.name }),
        Field("meterTypeCode", { $0.meterTypeCode }),
        Field("zone", { $0.zone }),
        Field("unitTypeCode", { $0.unitTypeCode }),
        Field("price", { $0.price }),
        Field("currency", { $0.currency }),
        Field("missingReadingPolicy", { $0.missingReadingPolicy }),
        Field("normQuantity", { $0.normQuantity }),
        Field("validFrom", { $0.validFrom }),
        Field("validTo", { $0.validTo }),
        Field("isActive", { $0.isActive }))
}

/// A tariff to be; without a condo, a default of the platform.
struct NewTariff: Shaped {
    let condoId: ID<Condo>?
    let kind: TariffKind
    let code: String
    let name: String
    let meterTypeCode: String?
    let zone: String?
    let unitTypeCode: String?
    let price: UnitPrice
    let currency: CompanyCurrency?
    let missingReadingPolicy: MissingReadingPolicy
    let normQuantity: Quantity?
    let validFrom: Day
    let validTo: Day?
    let isActive: Bool

    /// What `numeric(14,6)` holds.
    static let highestPrice = UnitPrice(raw: 99_999_999_999_999)

    static let shape = Shape(
        "NewTariff", NewTariff.init,
        Field("condoId", { $0.condoId }, doc: "Left out for a default of the platform."),
        Field("kind", { $0.kind }),
        Field("code", { $0.code }, .length(1...50), .code),
        Field("name", { $0.name }, .length(1...255)),
        Field("meterTypeCode", { $0.meterTypeCode }, .length(1...50), .code),
        Field("zone", { $0.zone }, .length(1...50), .code, doc: "One that the meter type has."),
        Field("unitTypeCode", { $0.unitTypeCode }, .length(1...50), .code),
        Field("price", { $0.price }, .above(0), .range(...highestPrice)),
        Field("currency", { $0.currency }, doc: "The company's when left out."),
        Field("missingReadingPolicy", { $0.missingReadingPolicy }, default: { .average }),
        Field("normQuantity", { $0.normQuantity }, .range(0...Reading.largest)),
        Field("validFrom", { $0.validFrom }),
        Field("validTo", { $0.validTo }),
        Field("isActive", { $0.isActive }, default: { true }),
        example: ["meterTypeCode"],
        check: { tariff in
            var errors: [FieldError] = []
            if (tariff.meterTypeCode != nil) != (tariff.kind == .meterBased) {
                errors.append(
                    FieldError(
                        field: "meterTypeCode", code: "required", message: "belongs to tariffs by meter, and only there"))
            }
            if tariff.zone != nil, tariff.kind != .meterBased {
                errors.append(FieldError(field: "zone", code: "unexpected", message: "belongs to tariffs by meter"))
            }
            if let end = tariff.validTo, end < tariff.validFrom {
                errors.append(FieldError(field: "validTo", code: "range", message: "must not be before validFrom"))
            }
            return errors
        })
}

/// A change of a tariff. Price and first day stay once something was charged.
struct TariffBody: Shaped {
    let name: Patch<String>
    let price: Patch<UnitPrice>
    let missingReadingPolicy: Patch<MissingReadingPolicy>
    let normQuantity: Patch<Quantity?>
    let validFrom: Patch<Day>
    let validTo: Patch<Day?>
    let isActive: Patch<Bool>

    static let shape = Shape(
        "TariffChange", TariffBody.init,
        Field("name", { $0.name }, .length(1...255)),
        Field("price", { $0.price }, .above(0), .range(...NewTariff.highestPrice)),
        Field("missingReadingPolicy", { $0.missingReadingPolicy }),
        Field("normQuantity", { $0.normQuantity }, .range(0...Reading.largest)),
        Field("validFrom", { $0.validFrom }),
        Field("validTo", { $0.validTo }),
        Field("isActive", { $0.isActive }))

    func apply(to tariff: inout Tariff) throws {
        tariff.name = name.value(or: tariff.name)
        tariff.price = price.value(or: tariff.price)
        tariff.missingReadingPolicy = missingReadingPolicy.value(or: tariff.missingReadingPolicy)
        tariff.normQuantity = normQuantity.value(or: tariff.normQuantity)
        tariff.validFrom = validFrom.value(or: tariff.validFrom)
        tariff.validTo = validTo.value(or: tariff.validTo)
        tariff.isActive = isActive.value(or: tariff.isActive)
        if let end = tariff.validTo, end < tariff.validFrom {
            throw InvalidInput(field: "validTo", code: "range", message: "must not be before validFrom")
        }
    }

    /// Whether a charged tariff would become another one.
    func rewrites(_ tariff: Tariff) -> Bool {
        price.value(or: tariff.price) != tariff.price || validFrom.value(or: tariff.validFrom) != tariff.validFrom
    }
}

/// New prices from a day on, which no month charged by these tariffs may reach.
struct TariffRevision: Shaped {
    let condoId: ID<Condo>
    let validFrom: Day
    let items: [Item]

    struct Item: Shaped {
        let tariffId: ID<Tariff>
        let price: UnitPrice

        static let shape = Shape(
            "TariffRevisionItem", Item.init,
            Field("tariffId", { $0.tariffId }),
            Field("price", { $0.price }, .above(0), .range(...NewTariff.highestPrice)))
    }

    static let shape = Shape(
        "TariffRevision", TariffRevision.init,
        Field("condoId", { $0.condoId }),
        Field("validFrom", { $0.validFrom }, doc: "After the last month that any of the tariffs was charged for."),
        Field("items", { $0.items }, .count(1...200)))
}

/// Whose tariffs, and when.
struct TariffFilter: Shaped {
    let condoId: ID<Condo>
    let on: Day?
    let includePast: Bool

    static let shape = Shape(
        "TariffFilter", TariffFilter.init,
        Field("condoId", { $0.condoId }),
        Field("on", { $0.on }, doc: "Today in the condo's time zone when left out."),
        Field("includePast", { $0.includePast }, default: { false }))
}

/// Which month is looked ahead to.
struct PreviewQuery: Shaped {
    let condoId: ID<Condo>
    let period: Period

    static let shape = Shape(
        "PreviewQuery", PreviewQuery.init, Field("condoId", { $0.condoId }), Field("period", { $0.period }))
}
