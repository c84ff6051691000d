import Postgres
import Service
import Values

/// The statements of invitations.
enum InviteQueries {
    /// In the order in which `Invite` reads them; of `tables`.
    private static var columns: SQL {
        """
        i.id, i.created_at, i.updated_at, i.unit_id, u.condo_id, u.company_id, u.number, i.token_enc, i.email, i.phone,
        i.role, i.expires_at, i.is_active, i.max_uses, i.used_count, i.accepted_at, i.created_by
        """
    }

    private static var tables: SQL { "condo.invites i join condo.units u on u.id = i.unit_id" }

    static func one(_ id: ID<Invite>) -> Statement<Invite> {
        Statement("select \(columns) from \(tables) where i.id = \(id) and i.deleted_at is null")
    }

    /// Acceptances of one invite wait for each other here.
    static func lock(_ id: ID<Invite>) -> Statement<Invite> {
        Statement("select \(columns) from \(tables) where i.id = \(id) and i.deleted_at is null for update of i")
    }

    static func preview(tokenHash: String) -> Statement<InvitePreviewRow> {
        Statement(
            """
            select \(columns), u.type_name, k.name, k.address, c.name, c.default_language
            from \(tables) join condo.condos k on k.id = u.condo_id join condo.companies c on c.id = u.company_id
            where i.token_hash = \(tokenHash) and i.deleted_at is null and u.deleted_at is null
            """)
    }

    /// Index invites_of_unit.
    static func ofUnit(_ unit: ID<Unit>, includeExpired: Bool, at moment: Instant) -> Statement<Invite> {
        let live: SQL = includeExpired ? .empty : "and i.is_active and i.expires_at > \(moment)"
        return Statement(
            """
            select \(columns) from \(tables) where i.unit_id = \(unit) and i.deleted_at is null \(live)
            order by i.created_at desc, i.id limit 100
            """)
    }

    /// Invites whose time is over no longer stand in the way of a new one.
    static func retireExpired(of unit: ID<Unit>, at moment: Instant) -> Command {
        Command(
            """
            update condo.invites set is_active = false, updated_at = \(moment)
            where unit_id = \(unit) and is_active and expires_at <= \(moment) and deleted_at is null
            """)
    }

    /// The open one to the same address or number, or without either the unit's open link, gives way.
    static func replaceOpen(of unit: ID<Unit>, email: String?, phone: String?, at moment: Instant) -> Command {
        Command(
            """
            update condo.invites set is_active = false, updated_at = \(moment)
            where unit_id = \(unit) and is_active and deleted_at is null
              and (lower(email) = lower(\(email)) or phone = \(phone)
                or \(email)::text is null and \(phone)::text is null and email is null and phone is null)
            """)
    }

    static func insert(_ invite: Invite, tokenHash: String) -> Command {
        Command(
            """
            insert into condo.invites (id, created_at, updated_at, unit_id, token_hash, token_enc, email, phone, role,
              expires_at, max_uses, created_by)
            values (\(invite.id), \(invite.createdAt), \(invite.updatedAt), \(invite.unitId), \(tokenHash),
              \(invite.sealedToken), \(invite.email), \(invite.phone), \(invite.role), \(invite.expiresAt),
              \(invite.maxUses), \(invite.createdBy))
            """)
    }

    static func save(_ invite: Invite) -> Command {
        Command(
            """
            update condo.invites set updated_at = \(invite.updatedAt), is_active = \(invite.isActive),
              used_count = \(invite.usedCount), accepted_at = \(invite.acceptedAt)
            where id = \(invite.id)
            """)
    }

    static func delete(_ id: ID<Invite>, at moment: Instant) -> Command {
        Command(
            "update condo.invites set deleted_at = \(moment), updated_at = \(moment), is_active = false where id = \(id)")
    }

    /// The daily sweep. Index invites_expiry.
    static func clean(before moment: Instant) -> Command {
        Command(
            """
            update condo.invites set deleted_at = \(moment), updated_at = \(moment), is_active = false
            where expires_at < \(moment) and deleted_at is null
            """)
    }
}
