import Service

/// Every expected refusal of a company.
enum CompanyProblem: String, ProblemKind, CaseIterable {
    case companyExists = "company_exists"
    case openInvoices = "open_invoices"

    var status: Int { 409 }

    var detail: String {
        switch self {
        case .companyExists: "There is a company with this name or registration number already."
        case .openInvoices: "There are invoices that are not paid or cancelled yet."
        }
    }
}
