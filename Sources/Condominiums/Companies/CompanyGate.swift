import Service

/// The gate that shuts a company whose bill is unpaid, for its staff and its residents: spec 1.3.
enum CompanyGate: String, ProblemKind, CaseIterable {
    case companyBlocked = "company_blocked"

    var status: Int { 403 }
    var detail: String { "Access is suspended: the company has not paid its bill." }

    var lock: ScopeLock { ScopeLock(status: status, code: rawValue, reason: detail) }
}
