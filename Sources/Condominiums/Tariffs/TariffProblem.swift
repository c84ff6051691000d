import Service

/// Every expected refusal of a tariff.
enum TariffProblem: String, ProblemKind, CaseIterable {
    case tariffOverlap = "tariff_overlap"
    case tariffInUse = "tariff_in_use"
    case tariffCurrencyLeft = "tariff_currency_left"

    var status: Int { 409 }

    var detail: String {
        switch self {
        case .tariffOverlap: "Another active tariff of this code is in force on some of these days."
        case .tariffInUse: "The tariff has been charged: its price for what was billed and its first day can no longer change."
        case .tariffCurrencyLeft: "The company charges in another currency by now; add a tariff in that."
        }
    }
}
