import JSON
import Postgres
import Service
import Values

/// What staff of the platform sees of somebody's homes.
struct HomesSection: WireOutput {
    let homes: [HomeRow]

    static let shape = Shape<HomesSection>(
        output: "HomesSection", Field("homes", { $0.homes }, doc: "Where he lives now, a hundred at the most"))

    static func section(_ database: Database) -> DashboardSection {
        DashboardSection("condominiums", on: ["user"]) { scope in
            JSONText(encoding: HomesSection(homes: try await database.all(homes(of: scope.id ?? .zero))))
        }
    }

    /// Index `residents_of_user`.
    static func homes(of user: UUID) -> Statement<HomeRow> {
        Statement(
            """
            select r.condo_id, k.name, r.unit_id, u.number, r.role
              from condo.residents r join condo.condos k on k.id = r.condo_id left join condo.units u on u.id = r.unit_id
             where r.user_id = \(user) and r.is_active and r.deleted_at is null
             order by r.created_at, r.id limit 100
            """)
    }
}

struct HomeRow: Row, WireOutput {
    let condoID: UUID
    let condoName: String
    let unitID: UUID?
    let unitNumber: String?
    let role: String

    init(_ row: inout RowReader) throws {
        condoID = try row.next()
        condoName = try row.next()
        unitID = try row.next()
        unitNumber = try row.next()
        role = try row.next()
    }

    static let shape = Shape<HomeRow>(
        output: "Home",
        Field("condoId", { $0.condoID }), Field("condoName", { $0.condoName }), Field("unitId", { $0.unitID }),
        Field("unitNumber", { $0.unitNumber }), Field("role", { $0.role }))
}
