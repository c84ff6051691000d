import JSON
import Service
import Values

/// A company as a caller may see it: spec 1.4. Members he may not read are null.
struct CompanyView: WireOutput {
    let id: ID<Company>
    let createdAt: Instant
    let updatedAt: Instant
    let draft: CompanyDraft
    let showsTerms: Bool
    let blockedAt: Instant?
    let blockedReason: String?
    let condoCount: Int

    /// Everything: for the trail.
    init(_ company: Company) {
        id = company.id
        createdAt = company.createdAt
        updatedAt = company.updatedAt
        draft = company.draft
        showsTerms = true
        blockedAt = company.blockedAt
        blockedReason = company.blockedReason
        condoCount = company.condoCount
    }

    init(_ company: Company, for caller: Caller, on path: ScopePath) {
        id = company.id
        createdAt = company.createdAt
        updatedAt = company.updatedAt
        showsTerms = caller.can(.companyTermsRead, on: path)
        let showsProfile = showsTerms || caller.can(.companyProfileRead, on: path)
        draft = showsTerms ? company.draft : company.draft.withoutTerms(profile: showsProfile)
        blockedAt = showsProfile ? company.blockedAt : nil
        blockedReason = showsProfile ? company.blockedReason : nil
        condoCount = company.condoCount
    }

    private func amount(_ minor: Int64?) -> Amount? {
        showsTerms ? minor.map { Amount($0, draft.currency) } : nil
    }

    static let shape = Shape<CompanyView>(
        output: "Company",
        Field("id", { $0.id }),
        Field("createdAt", { $0.createdAt }),
        Field("updatedAt", { $0.updatedAt }),
        Field("name", { $0.draft.name }),
        Field("description", { $0.draft.description }),
        Field("legalName", { $0.draft.legalName }),
        Field("registrationNumber", { $0.draft.registrationNumber }),
        Field("taxCode", { $0.draft.taxCode }),
        Field("legalAddress", { $0.draft.legalAddress }),
        Field("country", { $0.draft.country }),
        Field("city", { $0.draft.city }),
        Field("postalCode", { $0.draft.postalCode }),
        Field("phone", { $0.draft.phone }),
        Field("email", { $0.draft.email }),
        Field("website", { $0.draft.website }),
        Field("directorName", { $0.draft.directorName }),
        Field("directorEmail", { $0.draft.directorEmail }),
        Field("accountantName", { $0.draft.accountantName }),
        Field("accountantEmail", { $0.draft.accountantEmail }),
        Field("bankName", { $0.draft.bankName }),
        Field("bankAccount", { $0.draft.bankAccount }),
        Field("swift", { $0.draft.swift }),
        Field("iban", { $0.draft.iban }),
        Field("currency", { $0.draft.currency }),
        Field("timezone", { $0.draft.timezone }),
        Field("defaultLanguage", { $0.draft.defaultLanguage }),
        Field("meterReminderDays", { $0.draft.meterReminderDays }),
        Field("reminderTexts", { $0.draft.reminderTexts.document }),
        Field("pricePerUnit", { $0.amount($0.draft.pricePerUnit) }),
        Field("commissionFixed", { $0.amount($0.draft.commissionFixed) }),
        Field("commissionPercent", { $0.draft.commissionPercent }),
        Field("stripeAccountId", { $0.draft.stripeAccountId }),
        Field("isActive", { $0.draft.isActive }),
        Field("isBlocked", { $0.blockedAt != nil }),
        Field("blockedAt", { $0.blockedAt }),
        Field("blockedReason", { $0.blockedReason }),
        Field("condoCount", { $0.condoCount }))
}

extension CompanyDraft {
    /// Without bank details and commercial terms and, but for its administrators, down to name and contacts.
    func withoutTerms(profile: Bool) -> CompanyDraft {
        var draft = self
        draft.bankName = nil
        draft.bankAccount = nil
        draft.swift = nil
        draft.iban = nil
        draft.commissionPercent = nil
        draft.stripeAccountId = nil
        if profile { return draft }
        draft.legalName = nil
        draft.registrationNumber = nil
        draft.taxCode = nil
        draft.legalAddress = nil
        draft.directorName = nil
        draft.directorEmail = nil
        draft.accountantName = nil
        draft.accountantEmail = nil
        draft.reminderTexts = .none
        return draft
    }
}
