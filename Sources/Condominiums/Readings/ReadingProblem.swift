import Service

/// Every expected refusal of a reading.
enum ReadingProblem: String, ProblemKind, CaseIterable {
    case readingExists = "reading_exists"
    case readingNotPositive = "reading_not_positive"
    case readingTooLow = "reading_too_low"
    case readingTooHigh = "reading_too_high"
    case increaseTooHigh = "increase_too_high"
    case dateInFuture = "date_in_future"
    case dateBeforeInstallation = "date_before_installation"
    case zonesMismatch = "zones_mismatch"
    case sumMismatch = "sum_mismatch"
    case meterInactive = "meter_inactive"
    case readingBilled = "reading_billed"

    var status: Int {
        switch self {
        case .readingExists, .meterInactive, .readingBilled: 409
        default: 422
        }
    }

    var detail: String {
        switch self {
        case .readingExists: "There is a reading of this meter for this date already."
        case .readingNotPositive: "A reading is greater than zero."
        case .readingTooLow: "The value is below the reading before it."
        case .readingTooHigh: "The value is above the reading after it."
        case .increaseTooHigh: "The consumption since the reading before it is implausibly high for this kind of meter."
        case .dateInFuture: "The date has not come yet in the condo's time zone."
        case .dateBeforeInstallation: "The meter was not installed yet on that date."
        case .zonesMismatch: "The meter counts by zones: give a value for each of its zones, and only for those."
        case .sumMismatch: "The value is not the sum of the zones' values."
        case .meterInactive: "The meter is out of service."
        case .readingBilled: "The reading is charged on an invoice that is not cancelled."
        }
    }
}
