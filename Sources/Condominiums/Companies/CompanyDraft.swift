import Files
import Postgres
import Values

/// What is written about a company by hand.
struct CompanyDraft: Sendable {
    var name: String
    var description: String?
    var legalName: String?
    var registrationNumber: String?
    var taxCode: String?
    var legalAddress: String?
    var country: String?
    var city: String?
    var postalCode: String?
    var phone: String?
    var email: String?
    var website: String?
    var directorName: String?
    var directorEmail: String?
    var accountantName: String?
    var accountantEmail: String?
    var bankName: String?
    var bankAccount: String?
    var swift: String?
    var iban: String?
    var currency = Currency.eur
    var timezone = "Europe/Moscow"
    var defaultLanguage = CompanyLanguage.ru
    var meterReminderDays = [20, 25]
    var reminderTexts = ReminderTexts.none
    /// Commercial terms, in minor units of the currency.
    var pricePerUnit: Int64 = 0
    var commissionFixed: Int64?
    var commissionPercent: Percent?
    var stripeAccountId: String?
    var isActive = true
    var logoFileId: ID<StoredFile>?
}

extension CompanyDraft: Row {
    init(_ row: inout RowReader) throws {
        name = try row.next()
        description = try row.next()
        legalName = try row.next()
        registrationNumber = try row.next()
        taxCode = try row.next()
        legalAddress = try row.next()
        country = try row.next()
        city = try row.next()
        postalCode = try row.next()
        phone = try row.next()
        email = try row.next()
        website = try row.next()
        directorName = try row.next()
        directorEmail = try row.next()
        accountantName = try row.next()
        accountantEmail = try row.next()
        bankName = try row.next()
        bankAccount = try row.next()
        swift = try row.next()
        iban = try row.next()
        currency = try row.next()
        timezone = try row.next()
        defaultLanguage = try row.next()
        meterReminderDays = try row.next()
        reminderTexts = ReminderTexts(document: try row.next())
        pricePerUnit = try row.next()
        commissionFixed = try row.next()
        commissionPercent = try row.next()
        stripeAccountId = try row.next()
        isActive = try row.next()
        logoFileId = try row.next()
    }
}
