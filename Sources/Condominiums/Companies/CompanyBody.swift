import Files
import JSON
import Service
import Values

/// What is written about a company, at its making and later.
struct CompanyBody: Shaped {
    let name: Patch<String>
    let description: Patch<String?>
    let legalName: Patch<String?>
    let registrationNumber: Patch<String?>
    let taxCode: Patch<String?>
    let legalAddress: Patch<String?>
    let country: Patch<String?>
    let city: Patch<String?>
    let postalCode: Patch<String?>
    let phone: Patch<String?>
    let email: Patch<String?>
    let website: Patch<String?>
    let directorName: Patch<String?>
    let directorEmail: Patch<String?>
    let accountantName: Patch<String?>
    let accountantEmail: Patch<String?>
    let bankName: Patch<String?>
    let bankAccount: Patch<String?>
    let swift: Patch<String?>
    let iban: Patch<String?>
    let currency: Patch<CompanyCurrency>
    let timezone: Patch<String>
    let defaultLanguage: Patch<CompanyLanguage>
    let meterReminderDays: Patch<[Int]>
    let reminderTexts: Patch<[String: String]>
    let pricePerUnit: Patch<DecimalNumber>
    let commissionFixed: Patch<DecimalNumber?>
    let commissionPercent: Patch<Percent?>
    let stripeAccountId: Patch<String?>
    let isActive: Patch<Bool>
    let logoFileId: Patch<ID<StoredFile>?>

    static let shape = Shape(
        "CompanyBody", CompanyBody.init,
        Field("name", { $0.name }, .length(1...255)),
        Field("description", { $0.description }, .length(0...5000), .multiline),
        Field("legalName", { $0.legalName }),
        Field("registrationNumber", { $0.registrationNumber }, .length(1...50)),
        Field("taxCode", { $0.taxCode }, .length(1...50)),
        Field("legalAddress", { $0.legalAddress }, .length(1...500)),
        Field("country", { $0.country }),
        Field("city", { $0.city }),
        Field("postalCode", { $0.postalCode }, .length(1...20)),
        Field("phone", { $0.phone }, .phone),
        Field("email", { $0.email }, .email),
        Field("website", { $0.website }),
        Field("directorName", { $0.directorName }),
        Field("directorEmail", { $0.directorEmail }, .email),
        Field("accountantName", { $0.accountantName }),
        Field("accountantEmail", { $0.accountantEmail }, .email),
        Field("bankName", { $0.bankName }),
        Field("bankAccount", { $0.bankAccount }, .length(1...50)),
        Field("swift", { $0.swift }, .length(8...11)),
        Field("iban", { $0.iban }, .length(15...34)),
        Field("currency", { $0.currency }),
        Field("timezone", { $0.timezone }, .length(1...50)),
        Field("defaultLanguage", { $0.defaultLanguage }),
        Field("meterReminderDays", { $0.meterReminderDays }, .count(0...5), .each(.range(1...28)), .distinct()),
        Field("reminderTexts", { $0.reminderTexts }, .count(0...3), .each(.length(0...1000), .multiline)),
        Field("pricePerUnit", { $0.pricePerUnit }, .range(0...1_000_000)),
        Field("commissionFixed", { $0.commissionFixed }, .range(0...1_000_000)),
        Field("commissionPercent", { $0.commissionPercent }, .range(0...100)),
        Field("stripeAccountId", { $0.stripeAccountId }),
        Field("isActive", { $0.isActive }),
        Field("logoFileId", { $0.logoFileId }, doc: "An upload of one's own, of the purpose `company_logo`."))

    /// Commercial terms and the switch are the platform owner's.
    var touchesTerms: Bool {
        pricePerUnit.isPresent || commissionFixed.isPresent || commissionPercent.isPresent || stripeAccountId.isPresent
            || isActive.isPresent
    }

    /// A company that is made must have a name.
    var requiredName: String {
        get throws {
            guard let name = name.value else {
                throw InvalidInput(field: "name", code: "required", message: "A company has a name.")
            }
            return name
        }
    }

    func apply(to draft: inout CompanyDraft) throws {
        draft.name = name.value(or: draft.name)
        draft.phone = phone.value(or: draft.phone)
        draft.description = description.value(or: draft.description)
        draft.legalName = legalName.value(or: draft.legalName)
        draft.registrationNumber = registrationNumber.value(or: draft.registrationNumber)
        draft.taxCode = taxCode.value(or: draft.taxCode)
        draft.legalAddress = legalAddress.value(or: draft.legalAddress)
        draft.country = country.value(or: draft.country)
        draft.city = city.value(or: draft.city)
        draft.postalCode = postalCode.value(or: draft.postalCode)
        draft.email = email.value(or: draft.email)
        draft.website = website.value(or: draft.website)
        draft.directorName = directorName.value(or: draft.directorName)
        draft.directorEmail = directorEmail.value(or: draft.directorEmail)
        draft.accountantName = accountantName.value(or: draft.accountantName)
        draft.accountantEmail = accountantEmail.value(or: draft.accountantEmail)
        draft.bankName = bankName.value(or: draft.bankName)
        draft.bankAccount = bankAccount.value(or: draft.bankAccount)
        draft.swift = swift.value(or: draft.swift)
        draft.iban = iban.value(or: draft.iban)
        draft.timezone = timezone.value(or: draft.timezone)
        draft.defaultLanguage = defaultLanguage.value(or: draft.defaultLanguage)
        draft.meterReminderDays = meterReminderDays.value(or: draft.meterReminderDays)
        draft.commissionPercent = commissionPercent.value(or: draft.commissionPercent)
        draft.stripeAccountId = stripeAccountId.value(or: draft.stripeAccountId)
        draft.isActive = isActive.value(or: draft.isActive)
        draft.logoFileId = logoFileId.value(or: draft.logoFileId)
        if let chosen = currency.value { draft.currency = chosen.currency }
        if let texts = reminderTexts.value { draft.reminderTexts = try ReminderTexts(texts) }
        if let price = pricePerUnit.value { draft.pricePerUnit = try minor(price, "pricePerUnit", draft.currency) }
        if commissionFixed.isPresent {
            draft.commissionFixed = try commissionFixed.value?.map { try minor($0, "commissionFixed", draft.currency) }
        }
    }

    private func minor(_ amount: DecimalNumber, _ field: String, _ currency: Currency) throws -> Int64 {
        guard let minor = amount.minorUnits(of: currency) else {
            throw InvalidInput(
                field: field, code: "decimals", message: "must have at most \(currency.exponent) decimals")
        }
        return minor
    }
}
