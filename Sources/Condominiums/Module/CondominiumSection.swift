import JSON
import Postgres
import Service
import Values

/// What condominiums show on dashboards: of a condo, a company, or all.
struct CondominiumSection: WireOutput {
    let condos: Int
    let units: Int
    let residents: Int
    let meters: Int

    static let shape = Shape<CondominiumSection>(
        output: "CondominiumSection",
        Field("condos", { $0.condos }), Field("units", { $0.units }), Field("residents", { $0.residents }),
        Field("meters", { $0.meters }))

    static func section(_ database: Database) -> DashboardSection {
        DashboardSection("condominiums", on: [.platform, .company, .condo]) { scope in
            JSONText(encoding: try await database.one(counted(in: scope)))
        }
    }

    /// Each by the index of its scope; the platform's counts are whole tables.
    static func counted(in scope: Scope) -> Statement<CondominiumSection> {
        let within: SQL =
            switch scope.type {
            case .condo: "k.id = \(scope.id)"
            case .company: "k.company_id = \(scope.id)"
            default: "true"
            }
        return Statement(
            """
            with chosen as (select k.id from condo.condos k where k.deleted_at is null and \(within)),
                homes as (select u.id from condo.units u where u.deleted_at is null and u.condo_id in (select id from chosen))
            select (select count(*) from chosen), (select count(*) from homes),
                (select count(distinct r.user_id) from condo.residents r
                 where r.deleted_at is null and r.condo_id in (select id from chosen)),
                (select count(*) from condo.meters m where m.deleted_at is null and m.unit_id in (select id from homes))
            """, .report)
    }
}

extension CondominiumSection: Row {
    init(_ row: inout RowReader) throws {
        condos = try row.next()
        units = try row.next()
        residents = try row.next()
        meters = try row.next()
    }
}
