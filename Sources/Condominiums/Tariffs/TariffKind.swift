import JSON

/// What a price is multiplied by.
enum TariffKind: String, WireEnum {
    case meterBased = "meter_based"
    case areaBased = "area_based"
    case fixed
}

/// How a month without a reading is charged.
enum MissingReadingPolicy: String, WireEnum {
    case average, previous, norm, skip
}
