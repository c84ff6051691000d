import Postgres
import Service
import Values

/// The end of a scope: spec 4.13. From the top down to the units that cease with it; invoices, payments and readings stay.
struct ClosingQueries {
    let scope: ScopeType
    let id: UUID
    let moment: Instant

    /// The units that cease; of `units u`.
    private var units: SQL {
        switch scope {
        case .company: "u.company_id = \(id)"
        case .condo: "u.condo_id = \(id)"
        case "building": "u.building_id = \(id)"
        case "entrance": "u.entrance_id = \(id)"
        default: "u.id = \(id)"
        }
    }

    /// The condos that cease; of `condos k`.
    private var condos: SQL {
        switch scope {
        case .company: "k.company_id = \(id)"
        case .condo: "k.id = \(id)"
        default: "false"
        }
    }

    private var buildings: SQL {
        scope == "building" ? "b.id = \(id)" : "b.condo_id in (select k.id from condo.condos k where \(condos))"
    }

    private var entrances: SQL {
        scope == "entrance" ? "e.id = \(id)" : "e.building_id in (select b.id from condo.buildings b where \(buildings))"
    }

    /// From the top down to the units, before anything else of them is touched.
    var locks: [Statement<Int>] {
        [
            lock("condo.condos k where k.deleted_at is null and \(condos) order by k.id for update"),
            lock("condo.buildings b where b.deleted_at is null and \(buildings) order by b.id for update"),
            lock("condo.entrances e where e.deleted_at is null and \(entrances) order by e.id for update"),
            lock("condo.units u where u.deleted_at is null and \(units) order by u.id for no key update"),
        ]
    }

    private func lock(_ rows: SQL) -> Statement<Int> { Statement("select count(*) from (select from \(rows)) locked") }

    var hasOpenInvoices: Statement<Bool> {
        Statement(
            """
            select \(scope.name) <> 'entrance' and exists (select from invoices.invoices i
              where i.status in ('issued', 'partially_paid', 'overdue') and (
                i.debtor_id in (select u.id from condo.units u where \(units)) or i.debtor_id = \(id)))
            """)
    }

    /// Scopes on which nobody keeps a grant.
    var scopes: Statement<ScopeRow> {
        Statement(
            """
            select 'company', c.id from condo.companies c where \(scope.name) = 'company' and c.id = \(id)
            union all select 'condo', k.id from condo.condos k where \(condos) and k.deleted_at is null
            union all select 'unit', u.id from condo.units u
              where \(scope.name) <> 'entrance' and \(units) and u.deleted_at is null and u.resident_count > 0
            """)
    }

    /// From the leaves up, so that counts and labels stay true on the way. Of an entrance only the entrance ceases: its
    /// units stand on in the house.
    var commands: [Command] {
        let own: SQL = scope == "entrance" ? "false" : units
        let leaving: SQL = scope == "entrance" ? units : "false"
        return [
            Command(
                """
                update condo.units u set entrance_id = null, entrance_number = null, updated_at = \(moment)
                where u.deleted_at is null and \(leaving)
                """),
            Command(
                """
                update condo.residents r set deleted_at = \(moment), updated_at = \(moment), is_active = false
                where r.deleted_at is null and (r.unit_id in (select u.id from condo.units u where \(own))
                  or r.unit_id is null and r.condo_id in (select k.id from condo.condos k where \(condos)))
                """),
            Command(
                """
                update condo.staff s set deleted_at = \(moment), updated_at = \(moment), is_active = false
                where s.deleted_at is null and (s.condo_id in (select k.id from condo.condos k where \(condos))
                  or \(scope.name) = 'company' and s.company_id = \(id))
                """),
            Command(
                """
                update condo.invites i set deleted_at = \(moment), updated_at = \(moment), is_active = false
                where i.deleted_at is null and i.unit_id in (select u.id from condo.units u where \(own))
                """),
            Command(
                """
                update condo.meters m set deleted_at = \(moment), updated_at = \(moment), is_active = false
                where m.deleted_at is null and m.unit_id in (select u.id from condo.units u where \(own))
                """),
            Command(
                "update condo.units u set deleted_at = \(moment), updated_at = \(moment) where u.deleted_at is null and \(own)"),
            Command(
                """
                update condo.entrances e set deleted_at = \(moment), updated_at = \(moment)
                where e.deleted_at is null and \(entrances)
                """),
            Command(
                """
                update condo.buildings b set deleted_at = \(moment), updated_at = \(moment)
                where b.deleted_at is null and \(buildings)
                """),
            Command(
                "update condo.condos k set deleted_at = \(moment), updated_at = \(moment) where k.deleted_at is null and \(condos)"),
            Command(
                """
                update condo.companies c set deleted_at = \(moment), updated_at = \(moment), is_active = false
                where \(scope.name) = 'company' and c.id = \(id)
                """),
        ]
    }
}

struct ScopeRow: Row {
    let scope: Scope

    init(_ row: inout RowReader) throws {
        let type: String = try row.next()
        scope = Scope(ScopeType(type), try row.next() as UUID)
    }
}
