import Invoices
import Postgres
import Service
import Values

/// The statements of residents.
enum ResidentQueries {
    /// In the order in which `Resident` reads them; of `tables`.
    private static var columns: SQL {
        """
        r.id, r.created_at, r.updated_at, r.user_id, identity.name_of(p), p.email, p.phone,
        r.condo_id, k.company_id, r.unit_id, u.number, r.role, r.is_active, r.move_in_date, r.move_out_date,
        r.birth_date, r.passport_number_enc
        """
    }

    private static var tables: SQL {
        """
        condo.residents r join identity.users p on p.id = r.user_id join condo.condos k on k.id = r.condo_id
        left join condo.units u on u.id = r.unit_id
        """
    }

    static func one(_ id: ID<Resident>) -> Statement<Resident> {
        Statement("select \(columns) from \(tables) where r.id = \(id) and r.deleted_at is null")
    }

    /// The active residents of units, with what their company says when it reminds them, in their language.
    static func contacts(ofUnits units: [UUID]) -> Statement<InvoiceContact> {
        Statement(
            """
            select r.unit_id, r.user_id, nullif(c.reminder_texts->>p.locale, '')
            from condo.residents r join condo.units u on u.id = r.unit_id join condo.condos k on k.id = u.condo_id
            join condo.companies c on c.id = k.company_id join identity.users p on p.id = r.user_id
            where r.unit_id = any(\(units)) and r.is_active and r.deleted_at is null
            order by r.unit_id, r.user_id
            """)
    }

    /// The directors and accountants of companies, who hear of what these owe.
    static func contacts(ofCompanies companies: [UUID]) -> Statement<InvoiceContact> {
        Statement(
            """
            select distinct g.scope_id, g.user_id, null::text from identity.grants g
            where g.scope_type = 'company' and g.scope_id = any(\(companies)) and g.role in ('director', 'accountant')
              and g.revoked_at is null
            order by g.scope_id, g.user_id
            """)
    }

    static func lock(_ id: ID<Resident>) -> Statement<Resident> {
        Statement("select \(columns) from \(tables) where r.id = \(id) and r.deleted_at is null for update of r")
    }

    /// Index residents_of_unit.
    static func ofUnit(_ unit: ID<Unit>, includeInactive: Bool) -> Statement<Resident> {
        let active: SQL = includeInactive ? .empty : "and r.is_active"
        return Statement(
            """
            select \(columns) from \(tables) where r.unit_id = \(unit) and r.deleted_at is null \(active)
            order by r.is_active desc, r.created_at, r.id limit 100
            """)
    }

    /// Of one condo by the index of its order: residents_by_name, residents_by_email, residents_of_condo; reads of a
    /// company's residents go by its condos.
    static func list(_ filter: ResidentFilter, within own: Coverage, _ page: PageRequest) -> Statement<Resident> {
        Statement(
            """
            select \(columns) from \(tables) where \(matching(filter, own))
            order by \(order(page)) limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ filter: ResidentFilter, within own: Coverage) -> Statement<Int> {
        Statement("select count(*) from \(tables) where \(matching(filter, own))")
    }

    private static func matching(_ filter: ResidentFilter, _ own: Coverage) -> SQL {
        let condo: SQL = filter.condoId.map { "and r.condo_id = \($0)" } ?? .empty
        let unit: SQL = filter.unitId.map { "and r.unit_id = \($0)" } ?? .empty
        let role: SQL = filter.role.map { "and r.role = \($0)" } ?? .empty
        let text: SQL = TextSearch(filter.q).map {
            """
            and lower(p.first_name || ' ' || coalesce(p.middle_name, '') || ' ' || p.last_name || ' '
              || coalesce(p.email, '') || ' ' || coalesce(p.phone, '')) like lower(\($0.pattern))
            """
        } ?? .empty
        return """
            r.deleted_at is null and r.is_active = \(filter.isActive ?? true) and \(own.ofCondos)
            \(own.outsideDeniedUnits("r.unit_id")) \(condo) \(unit) \(role) \(text)
            """
    }

    private static func order(_ page: PageRequest) -> SQL {
        switch (page.sort, page.isDescending) {
        case ("email", false): "r.email, r.id"
        case ("email", true): "r.email desc, r.id desc"
        case ("createdAt", false): "r.created_at, r.id"
        case ("createdAt", true): "r.created_at desc, r.id desc"
        case (_, false): "r.last_name, r.first_name, r.id"
        case (_, true): "r.last_name desc, r.first_name desc, r.id desc"
        }
    }

    /// The person's row without a unit in a condo, which placing him fills in.
    static func unplaced(_ user: UUID, in condo: ID<Condo>) -> Statement<Resident> {
        Statement(
            """
            select \(columns) from \(tables) where r.user_id = \(user) and r.condo_id = \(condo) and r.unit_id is null
              and r.is_active and r.deleted_at is null for update of r
            """)
    }

    /// Whether the person has an active row for the same unit, or, of one without a unit, for the same condo. Index
    /// residents_of_user.
    static func lives(where resident: Resident) -> Statement<Bool> {
        Statement(
            """
            select exists (select from condo.residents
              where user_id = \(resident.userId) and condo_id = \(resident.condoId)
                and unit_id is not distinct from \(resident.unit?.id) and is_active and deleted_at is null)
            """)
    }

    static func insert(_ resident: Resident) -> Command {
        Command(
            """
            insert into condo.residents (id, created_at, updated_at, user_id, condo_id, unit_id, role, is_active,
              move_in_date, move_out_date, birth_date, passport_number_enc)
            values (\(resident.id), \(resident.createdAt), \(resident.updatedAt), \(resident.userId),
              \(resident.condoId), \(resident.unit?.id), \(resident.role), \(resident.isActive),
              \(resident.moveInDate), \(resident.moveOutDate), \(resident.birthDate), \(resident.sealedPassport))
            """)
    }

    static func save(_ resident: Resident) -> Command {
        Command(
            """
            update condo.residents set updated_at = \(resident.updatedAt), unit_id = \(resident.unit?.id),
              role = \(resident.role), is_active = \(resident.isActive), move_in_date = \(resident.moveInDate),
              move_out_date = \(resident.moveOutDate), birth_date = \(resident.birthDate),
              passport_number_enc = \(resident.sealedPassport)
            where id = \(resident.id)
            """)
    }

    static func delete(_ id: ID<Resident>, at moment: Instant) -> Command {
        Command(
            "update condo.residents set deleted_at = \(moment), updated_at = \(moment), is_active = false where id = \(id)")
    }

    /// The units of a person with what he owes and what he has not read yet: spec 3.3. A unit's meters without a reading
    /// in the current month of the condo's time zone are counted. What is due where somebody has lived is not his any more.
    static func unitsOf(_ user: UUID, includeInactive: Bool, at moment: Instant) -> Statement<MyUnit> {
        let active: SQL = includeInactive ? .empty : "and r.is_active"
        return Statement(
            """
            select r.id, r.role, r.is_active, r.move_in_date, r.move_out_date, u.id, u.number, u.building_number,
              k.id, k.name, k.address, k.contact_email, k.contact_phone, c.id, c.name, c.phone, c.email,
              (select coalesce(sum(i.total - i.paid), 0) from invoices.invoices i
                where r.is_active and i.debtor_type = 'unit' and i.debtor_id = u.id and i.currency = c.currency
                  and i.status in ('issued', 'partially_paid', 'overdue'))::bigint,
              c.currency,
              (select count(*) from tickets.tickets t where r.is_active and t.place_type = 'unit' and t.place_id = u.id
                and t.deleted_at is null and t.status in ('new', 'assigned', 'in_progress', 'waiting', 'review')),
              (select count(*) from condo.meters m where r.is_active and m.unit_id = u.id and m.is_active and m.deleted_at is null
                and not exists (select from condo.meter_readings x where x.meter_id = m.id and x.deleted_at is null
                  and x.reading_date >= date_trunc('month',
                    \(moment) at time zone coalesce(k.timezone, c.timezone))::date))
            from condo.residents r join condo.condos k on k.id = r.condo_id
            join condo.companies c on c.id = k.company_id left join condo.units u on u.id = r.unit_id
            where r.user_id = \(user) and r.deleted_at is null \(active)
            order by r.is_active desc, k.name, u.number, r.id limit 100
            """)
    }
}
