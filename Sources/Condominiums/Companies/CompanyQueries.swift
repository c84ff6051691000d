import Postgres
import Service
import Values

/// The statements of companies.
enum CompanyQueries {
    /// In the order in which `Company` reads them; of `companies c`.
    private static var columns: SQL {
        """
        c.id, c.created_at, c.updated_at, c.name, c.description, c.legal_name, c.registration_number, c.tax_code,
        c.legal_address, c.country, c.city, c.postal_code, c.phone, c.email, c.website, c.director_name,
        c.director_email, c.accountant_name, c.accountant_email, c.bank_name, c.bank_account, c.swift, c.iban,
        c.currency, c.timezone, c.default_language, c.meter_reminder_days, c.reminder_texts, c.price_per_unit_minor,
        c.commission_fixed_minor, c.commission_percent, c.stripe_account_id, c.is_active, c.logo_file_id,
        c.blocked_at, c.blocked_reason,
        (select count(*) from condo.condos k where k.company_id = c.id and k.deleted_at is null)
        """
    }

    static func one(_ id: ID<Company>, for own: Coverage) -> Statement<Seen<Company>> {
        Statement(
            """
            select array(select u.id from condo.units u where u.company_id = c.id and u.id = any(\(own.units))),
              array(select k.id from condo.condos k where k.company_id = c.id and k.id = any(\(own.condos))),
              c.id, \(columns)
            from condo.companies c where c.id = \(id) and c.deleted_at is null
            """)
    }

    static func lock(_ id: ID<Company>) -> Statement<Company> {
        Statement("select \(columns) from condo.companies c where c.id = \(id) and c.deleted_at is null for update of c")
    }

    static func list(
        _ filter: CompanyFilter, within own: Coverage, _ page: PageRequest
    ) -> Statement<Counted<Seen<Company>>> {
        Statement(
            """
            select count(*) over (),
              array(select u.id from condo.units u where u.company_id = c.id and u.id = any(\(own.units))),
              array(select k.id from condo.condos k where k.company_id = c.id and k.id = any(\(own.condos))),
              c.id, \(columns)
            from condo.companies c where \(matching(filter, own))
            order by \(order(page)), c.id limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ filter: CompanyFilter, within own: Coverage) -> Statement<Int> {
        Statement("select count(*) from condo.companies c where \(matching(filter, own))")
    }

    private static func matching(_ filter: CompanyFilter, _ own: Coverage) -> SQL {
        let active: SQL = filter.isActive.map { "and c.is_active = \($0)" } ?? .empty
        let blocked: SQL = filter.isBlocked.map { "and (c.blocked_at is not null) = \($0)" } ?? .empty
        let country: SQL = filter.country.map { "and c.country = \($0)" } ?? .empty
        let text: SQL = TextSearch(filter.q).map {
            "and (c.name ilike \($0.pattern) or c.registration_number ilike \($0.pattern) or c.email ilike \($0.pattern))"
        } ?? .empty
        return "c.deleted_at is null and \(own.ofCompanies) \(active) \(blocked) \(country) \(text)"
    }

    private static func order(_ page: PageRequest) -> SQL {
        switch (page.sort, page.isDescending) {
        case ("country", false): "c.country"
        case ("country", true): "c.country desc"
        case ("condoCount", false): "(select count(*) from condo.condos k where k.company_id = c.id and k.deleted_at is null)"
        case ("condoCount", true):
            "(select count(*) from condo.condos k where k.company_id = c.id and k.deleted_at is null) desc"
        case ("createdAt", false): "c.created_at"
        case ("createdAt", true): "c.created_at desc"
        case (_, false): "lower(c.name)"
        case (_, true): "lower(c.name) desc"
        }
    }

    static func insert(_ id: ID<Company>, _ draft: CompanyDraft, at moment: Instant) -> Command {
        Command(
            """
            insert into condo.companies (id, created_at, updated_at, name, description, legal_name, registration_number,
              tax_code, legal_address, country, city, postal_code, phone, email, website, director_name, director_email,
              accountant_name, accountant_email, bank_name, bank_account, swift, iban, currency, timezone,
              default_language, meter_reminder_days, reminder_texts, price_per_unit_minor, commission_fixed_minor,
              commission_percent, stripe_account_id, is_active, logo_file_id)
            values (\(id), \(moment), \(moment), \(draft.name), \(draft.description), \(draft.legalName),
              \(draft.registrationNumber), \(draft.taxCode), \(draft.legalAddress), \(draft.country), \(draft.city),
              \(draft.postalCode), \(draft.phone), \(draft.email), \(draft.website), \(draft.directorName),
              \(draft.directorEmail), \(draft.accountantName), \(draft.accountantEmail), \(draft.bankName),
              \(draft.bankAccount), \(draft.swift), \(draft.iban), \(draft.currency), \(draft.timezone),
              \(draft.defaultLanguage), \(draft.meterReminderDays), \(draft.reminderTexts.document),
              \(draft.pricePerUnit), \(draft.commissionFixed), \(draft.commissionPercent), \(draft.stripeAccountId),
              \(draft.isActive), \(draft.logoFileId))
            """)
    }

    static func save(_ id: ID<Company>, _ draft: CompanyDraft, at moment: Instant) -> Command {
        Command(
            """
            update condo.companies set updated_at = \(moment), name = \(draft.name),
              description = \(draft.description), legal_name = \(draft.legalName),
              registration_number = \(draft.registrationNumber), tax_code = \(draft.taxCode),
              legal_address = \(draft.legalAddress), country = \(draft.country), city = \(draft.city),
              postal_code = \(draft.postalCode), phone = \(draft.phone), email = \(draft.email),
              website = \(draft.website), director_name = \(draft.directorName),
              director_email = \(draft.directorEmail), accountant_name = \(draft.accountantName),
              accountant_email = \(draft.accountantEmail), bank_name = \(draft.bankName),
              bank_account = \(draft.bankAccount), swift = \(draft.swift), iban = \(draft.iban),
              currency = \(draft.currency), timezone = \(draft.timezone), default_language = \(draft.defaultLanguage),
              meter_reminder_days = \(draft.meterReminderDays), reminder_texts = \(draft.reminderTexts.document),
              price_per_unit_minor = \(draft.pricePerUnit), commission_fixed_minor = \(draft.commissionFixed),
              commission_percent = \(draft.commissionPercent), stripe_account_id = \(draft.stripeAccountId),
              is_active = \(draft.isActive), logo_file_id = \(draft.logoFileId)
            where id = \(id)
            """)
    }

    /// Whether tariffs of its condos charge in its currency, today or later, or somebody owes it money in that.
    static func usesCurrency(_ id: ID<Company>, at moment: Instant) -> Statement<Bool> {
        Statement(
            """
            select exists (select from condo.condos k join condo.tariffs t on t.condo_id = k.id
                where k.company_id = c.id and t.deleted_at is null and t.is_active and t.currency = c.currency
                  and (t.valid_to is null or t.valid_to >= (\(moment) at time zone c.timezone)::date))
              or exists (select from invoices.invoices i where i.issuer_id = c.id and i.currency = c.currency
                and i.status in ('draft', 'issued', 'partially_paid', 'overdue'))
            from condo.companies c where c.id = \(id)
            """)
    }

    static func block(_ id: ID<Company>, reason: String, at moment: Instant) -> Command {
        Command(
            """
            update condo.companies set blocked_at = \(moment), blocked_reason = \(reason), updated_at = \(moment)
            where id = \(id)
            """)
    }

    static func unblock(_ id: ID<Company>, at moment: Instant) -> Command {
        Command(
            "update condo.companies set blocked_at = null, blocked_reason = null, updated_at = \(moment) where id = \(id)")
    }
}
