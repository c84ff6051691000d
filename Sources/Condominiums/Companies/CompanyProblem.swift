import Service

/// Every expected refusal of a company.
enum CompanyProblem: String, ProblemKind, CaseIterable {
    case companyExists = "company_exists"
    case openInvoices = "open_invoices"
    case currencyInUse = "currency_in_use"
    case invalidTransition = "invalid_transition"

    var status: Int { 409 }

    var detail: String {
        switch self {
        case .companyExists: "There is a company with this name or registration number already."
        case .invalidTransition: "The company is in that state already."
        case .currencyInUse: "Tariffs or open invoices are in the present currency; end them first."
        case .openInvoices: "There are invoices that are not paid or cancelled yet."
        }
    }
}
