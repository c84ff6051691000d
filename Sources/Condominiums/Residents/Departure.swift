import Identity
import Postgres
import Service
import Values

/// What becomes of a person's places here when he has his account erased. His rights are gone by then: Identity has
/// taken them.
struct Departure: Sendable {
    let database: Database
    let clock: Clock

    /// Repeatable: whoever has left is not found again.
    var handler: EventHandler {
        EventHandler("condominiums.departure", on: [IdentityEvent.deleted.rawValue]) { event in
            guard let user = event.objectID else { return }
            try await database.transaction { _ in
                _ = try await database.all(Self.lockHomes(of: user))
                try await database.write([Self.empty(user, at: clock.now()), Self.dismiss(user, at: clock.now())])
            }
        }
    }

    /// Before his rows. Index residents_of_user.
    static func lockHomes(of user: UUID) -> Statement<ID<Unit>> {
        Statement(
            """
            select u.id from condo.units u where u.id in (
              select r.unit_id from condo.residents r where r.user_id = \(user) and r.is_active and r.deleted_at is null)
            order by u.id for no key update
            """)
    }

    /// Index residents_of_user. Today is the condo's day; nobody moves out before he has moved in.
    static func empty(_ user: UUID, at moment: Instant) -> Command {
        Command(
            """
            update condo.residents r set updated_at = \(moment), is_active = false, passport_number_enc = null,
              birth_date = null, move_out_date = case when r.is_active
                then greatest(r.move_in_date, (\(moment)::timestamptz at time zone coalesce(k.timezone, c.timezone))::date) else r.move_out_date end
            from condo.condos k join condo.companies c on c.id = k.company_id
            where r.user_id = \(user) and k.id = r.condo_id
              and (r.is_active or r.passport_number_enc is not null or r.birth_date is not null)
            """)
    }

    /// Index staff_once.
    static func dismiss(_ user: UUID, at moment: Instant) -> Command {
        Command(
            """
            update condo.staff set updated_at = \(moment), is_active = false
            where user_id = \(user) and is_active and deleted_at is null
            """)
    }
}
