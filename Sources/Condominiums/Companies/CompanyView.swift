import JSON
import Service
import Values

/// A company as a caller may see it: spec 1.4. Members he may not read are absent.
struct CompanyView: WireOutput {
    let id: ID<Company>
    let createdAt: Instant
    let updatedAt: Instant
    let draft: CompanyDraft
    let showsTerms: Bool
    let showsProfile: Bool
    let isBlocked: Bool
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
        showsProfile = true
        isBlocked = company.blockedAt != nil
        blockedAt = company.blockedAt
        blockedReason = company.blockedReason
        condoCount = company.condoCount
    }

    init(_ company: Company, for caller: Caller, on path: ScopePath) {
        id = company.id
        createdAt = company.createdAt
        updatedAt = company.updatedAt
        showsTerms = caller.can(.companyTermsRead, on: path)
        showsProfile = showsTerms || caller.can(.companyProfileRead, on: path)
        draft = showsTerms ? company.draft : company.draft.withoutTerms(profile: showsProfile)
        isBlocked = company.blockedAt != nil
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
        Field("legalName", { $0.draft.legalName }, when: { $0.showsProfile }),
        Field("registrationNumber", { $0.draft.registrationNumber }, when: { $0.showsProfile }),
        Field("taxCode", { $0.draft.taxCode }, when: { $0.showsProfile }),
        Field("legalAddress", { $0.draft.legalAddress }, when: { $0.showsProfile }),
        Field("country", { $0.draft.country }),
        Field("city", { $0.draft.city }),
        Field("postalCode", { $0.draft.postalCode }),
        Field("phone", { $0.draft.phone }),
        Field("email", { $0.draft.email }),
        Field("website", { $0.draft.website }),
        Field("logoUrl", { Picture.address(of: $0.draft.logoFileId) }, doc: "Below this server's address."),
        Field("directorName", { $0.draft.directorName }, when: { $0.showsProfile }),
        Field("directorEmail", { $0.draft.directorEmail }, when: { $0.showsProfile }),
        Field("accountantName", { $0.draft.accountantName }, when: { $0.showsProfile }),
        Field("accountantEmail", { $0.draft.accountantEmail }, when: { $0.showsProfile }),
        Field("bankName", { $0.draft.bankName }, when: { $0.showsTerms }),
        Field("bankAccount", { $0.draft.bankAccount }, when: { $0.showsTerms }),
        Field("swift", { $0.draft.swift }, when: { $0.showsTerms }),
        Field("iban", { $0.draft.iban }, when: { $0.showsTerms }),
        Field("currency", { $0.draft.currency }),
        Field("timezone", { $0.draft.timezone }),
        Field("defaultLanguage", { $0.draft.defaultLanguage }),
        Field("meterReminderDays", { $0.draft.meterReminderDays }),
        Field("reminderTexts", { $0.draft.reminderTexts.document }, when: { $0.showsProfile }),
        Field("pricePerUnit", { $0.amount($0.draft.pricePerUnit) }, when: { $0.showsTerms }),
        Field("commissionFixed", { $0.amount($0.draft.commissionFixed) }, when: { $0.showsTerms }),
        Field("commissionPercent", { $0.draft.commissionPercent }, when: { $0.showsTerms }),
        Field("stripeAccountId", { $0.draft.stripeAccountId }, when: { $0.showsTerms }),
        Field("isActive", { $0.draft.isActive }),
        Field("isBlocked", { $0.isBlocked }),
        Field("blockedAt", { $0.blockedAt }, when: { $0.showsProfile }),
        Field("blockedReason", { $0.blockedReason }, when: { $0.showsProfile }),
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
