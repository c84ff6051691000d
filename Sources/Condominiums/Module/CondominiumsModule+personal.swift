import JSON
import Postgres
import Service
import Values

extension CondominiumsModule {
    /// Where somebody lives or works, what he has read off, and where his voice is known: of an anonymous poll nobody is told. His places are emptied by `Departure` when he goes; readings stay
    /// with their meters, without him.
    package var personalData: [PersonalData] {
        [
            PersonalData(
                "condominiums", in: doors.database, export: PersonalQueries.places, erase: { [PersonalQueries.forgetReader($0)] })
        ]
    }
}

enum PersonalQueries {
    /// Indexes `residents_of_user`, `readings_by_user`, `poll_votes_of_user`.
    static func places(_ user: UUID) -> Statement<JSONText> {
        Statement(
            """
            select jsonb_build_object(
                'homes', (select coalesce(jsonb_agg(jsonb_build_object('createdAt', r.created_at, 'condoId', r.condo_id,
                        'unitId', r.unit_id, 'role', r.role, 'isActive', r.is_active, 'moveInDate', r.move_in_date,
                        'moveOutDate', r.move_out_date, 'birthDate', r.birth_date) order by r.id), '[]')
                    from condo.residents r where r.user_id = \(user) and r.deleted_at is null),
                'posts', (select coalesce(jsonb_agg(jsonb_build_object('createdAt', s.created_at, 'companyId', s.company_id,
                        'condoId', s.condo_id, 'role', s.role, 'isActive', s.is_active) order by s.id), '[]')
                    from condo.staff s where s.user_id = \(user) and s.deleted_at is null),
                'votes', (select coalesce(jsonb_agg(jsonb_build_object('pollId', v.poll_id, 'title', b.title, 'unitId', v.unit_id,
                        'votedAt', v.voted_at, 'isAbstain', v.is_abstain) order by v.id), '[]')
                    from condo.poll_votes v join condo.polls b on b.id = v.poll_id
                    where v.user_id = \(user) and not b.is_anonymous),
                'readings', (select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]') from (
                    select m.id, m.created_at as "createdAt", m.meter_id as "meterId", m.value, m.reading_date as "readingDate",
                        m.source, m.notes
                      from condo.meter_readings m where m.user_id = \(user) and m.deleted_at is null
                     order by m.created_at desc limit 5000) x))
            """, .report)
    }

    static func forgetReader(_ user: UUID) -> Command {
        Command("update condo.meter_readings set user_id = null where user_id = \(user)")
    }

    static var samples: [StatementSample] {
        [StatementSample("personal: places", places(.zero)), StatementSample("personal: forget reader", forgetReader(.zero))]
    }
}
