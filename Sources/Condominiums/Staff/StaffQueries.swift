import Postgres
import Service
import Values

/// The statements of staff.
enum StaffQueries {
    /// In the order in which `StaffMember` reads them; of `tables`.
    private static var columns: SQL {
        """
        s.id, s.created_at, s.updated_at, s.user_id, identity.name_of(p), p.email, p.phone,
        s.company_id, s.condo_id, s.role, s.position, s.specializations, s.hire_date, s.is_active
        """
    }

    private static var tables: SQL { "condo.staff s join identity.users p on p.id = s.user_id" }

    static func one(_ id: ID<StaffMember>, of company: ID<Company>) -> Statement<StaffMember> {
        Statement(
            "select \(columns) from \(tables) where s.id = \(id) and s.company_id = \(company) and s.deleted_at is null")
    }

    static func lock(_ id: ID<StaffMember>) -> Statement<StaffMember> {
        Statement("select \(columns) from \(tables) where s.id = \(id) and s.deleted_at is null for update of s")
    }

    /// Index staff_of_company.
    static func list(
        _ company: ID<Company>, _ filter: StaffFilter, within own: Coverage, _ page: PageRequest
    ) -> Statement<Counted<StaffMember>> {
        Statement(
            """
            select count(*) over (), \(columns) from \(tables) where \(matching(company, filter, own))
            order by \(order(page)), s.id limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ company: ID<Company>, _ filter: StaffFilter, within own: Coverage) -> Statement<Int> {
        Statement("select count(*) from \(tables) where \(matching(company, filter, own))")
    }

    private static func matching(_ company: ID<Company>, _ filter: StaffFilter, _ own: Coverage) -> SQL {
        let condo: SQL = filter.condoId.map { "and s.condo_id = \($0)" } ?? .empty
        let position: SQL = filter.position.map { "and s.position = \($0)" } ?? .empty
        let skill: SQL = filter.specialization.map { "and \($0) = any(s.specializations)" } ?? .empty
        let active: SQL = filter.isActive.map { "and s.is_active = \($0)" } ?? .empty
        let text: SQL = TextSearch(filter.q).map {
            """
            and lower(p.first_name || ' ' || coalesce(p.middle_name, '') || ' ' || p.last_name || ' '
              || coalesce(p.email, '') || ' ' || coalesce(p.phone, '')) like lower(\($0.pattern))
            """
        } ?? .empty
        return """
            s.company_id = \(company) and s.deleted_at is null and \(own.ofStaff)
            \(condo) \(position) \(skill) \(active) \(text)
            """
    }

    private static func order(_ page: PageRequest) -> SQL {
        switch (page.sort, page.isDescending) {
        case ("position", false): "s.position"
        case ("position", true): "s.position desc"
        case ("hireDate", false): "s.hire_date"
        case ("hireDate", true): "s.hire_date desc"
        case (_, false): "p.last_name, p.first_name"
        case (_, true): "p.last_name desc, p.first_name desc"
        }
    }

    static func insert(_ member: StaffMember) -> Command {
        Command(
            """
            insert into condo.staff (id, created_at, updated_at, user_id, company_id, condo_id, role, position,
              specializations, hire_date, is_active)
            values (\(member.id), \(member.createdAt), \(member.updatedAt), \(member.userId), \(member.companyId),
              \(member.condoId), \(member.role), \(member.position), \(member.specializations), \(member.hireDate),
              \(member.isActive))
            """)
    }

    static func save(_ member: StaffMember) -> Command {
        Command(
            """
            update condo.staff set updated_at = \(member.updatedAt), position = \(member.position),
              specializations = \(member.specializations), hire_date = \(member.hireDate), is_active = \(member.isActive)
            where id = \(member.id)
            """)
    }

    static func delete(_ id: ID<StaffMember>, at moment: Instant) -> Command {
        Command(
            "update condo.staff set deleted_at = \(moment), updated_at = \(moment), is_active = false where id = \(id)")
    }
}
