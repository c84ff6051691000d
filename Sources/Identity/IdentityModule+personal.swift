import JSON
import Postgres
import Service
import Values

extension IdentityModule {
    /// The account itself is erased in the transaction of its deletion; the trail stays.
    package var personalData: [PersonalData] {
        [
            PersonalData("account", in: database, export: PersonalQueries.account),
            PersonalData("signIns", in: database, export: PersonalQueries.signIns),
            PersonalData("trail", in: database, export: PersonalQueries.trail),
        ]
    }
}

/// What somebody is told of his own account.
enum PersonalQueries {
    static func account(_ user: UUID) -> Statement<JSONText> {
        Statement(
            """
            select to_jsonb(x) from (
                select u.id, u.created_at as "createdAt", u.email, u.email_verified_at as "emailVerifiedAt", u.phone,
                    u.phone_verified_at as "phoneVerifiedAt", u.first_name as "firstName", u.middle_name as "middleName",
                    u.last_name as "lastName", u.locale, u.time_zone as "timeZone", u.birth_on as "birthOn", u.status,
                    u.department, u.two_factor as "twoFactor", u.preferences, u.source,
                    u.terms_accepted_at as "termsAcceptedAt", u.last_login_at as "lastLoginAt", u.last_login_ip as "lastLoginIp",
                    (select coalesce(jsonb_agg(jsonb_build_object('role', g.role, 'scopeType', g.scope_type, 'scopeId', g.scope_id,
                        'createdAt', g.created_at, 'revokedAt', g.revoked_at) order by g.id), '[]')
                       from identity.grants g where g.user_id = u.id) as grants,
                    (select coalesce(jsonb_agg(jsonb_build_object('kind', i.kind, 'subject', i.subject, 'profile', i.profile,
                        'createdAt', i.created_at) order by i.kind), '[]')
                       from identity.identities i where i.user_id = u.id) as identities
                  from identity.users u where u.id = \(user)) x
            """, .report)
    }

    /// A line for each family, with its last use.
    static func signIns(_ user: UUID) -> Statement<JSONText> {
        Statement(
            """
            select coalesce(jsonb_agg(to_jsonb(x) order by x."createdAt"), '[]') from (
                select min(t.created_at) as "createdAt", max(t.created_at) as "lastUsedAt", max(t.expires_at) as "expiresAt",
                    max(t.client) as client, max(t.ip) as ip, max(t.revoked_at) as "revokedAt"
                  from identity.refresh_tokens t where t.user_id = \(user) group by t.family_id
                 order by max(t.created_at) desc limit 1000) x
            """, .report)
    }

    /// What he has done himself; index `audit_logs_actor_at_idx`.
    static func trail(_ user: UUID) -> Statement<JSONText> {
        Statement(
            """
            select coalesce(jsonb_agg(to_jsonb(x) order by x.at), '[]') from (
                select a.at, a.action, a.object_type as "objectType", a.object_id as "objectId", a.ip, a.client
                  from identity.audit_logs a where a.actor_id = \(user) order by a.at desc, a.id desc limit 5000) x
            """, .report)
    }

    static var samples: [StatementSample] {
        [
            StatementSample("personal: account", account(.zero)), StatementSample("personal: sign-ins", signIns(.zero)),
            StatementSample("personal: trail", trail(.zero)),
        ]
    }
}
