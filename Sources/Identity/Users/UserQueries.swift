import Postgres
import Service
import Values

/// The SQL of `identity.users`.
enum UserQueries {
    static let columns: SQL = """
        u.id, u.created_at, u.updated_at, u.email, u.email_verified_at, u.phone, u.phone_verified_at, u.password_hash,
        u.first_name, u.middle_name, u.last_name, u.locale, u.time_zone, u.avatar_file_id, u.birth_on, u.status,
        u.suspended_until, u.status_reason, u.department, u.must_change_password, u.two_factor, u.token_version,
        u.preferences, u.source, u.terms_accepted_at, u.last_login_at, u.last_login_ip, u.last_active_at, u.deleted_at
        """

    static func find(_ id: ID<User>) -> Statement<User> {
        Statement("select \(columns) from identity.users u where u.id = \(id)")
    }

    /// The row stays locked until the transaction ends.
    static func lock(_ id: ID<User>) -> Statement<User> {
        Statement("select \(columns) from identity.users u where u.id = \(id) for no key update")
    }

    /// Nothing for an erased account; another one stays as it is until the transaction ends.
    static func hold(_ id: ID<User>) -> Statement<ID<User>> {
        Statement("select u.id from identity.users u where u.id = \(id) and u.deleted_at is null for share")
    }

    /// users_email_key
    static func find(email: String) -> Statement<User> {
        Statement(
            "select \(columns) from identity.users u where lower(u.email) = \(email) and u.deleted_at is null")
    }

    /// users_phone_idx; a confirmed owner of the number goes before those who only named it.
    static func find(phone: String) -> Statement<User> {
        Statement(
            """
            select \(columns) from identity.users u where u.phone = \(phone) and u.deleted_at is null
            order by u.phone_verified_at nulls last, u.id limit 1
            """)
    }

    /// users_created_at_idx, users_name_idx, users_email_key, users_search_idx, grants_live_key
    static func list(_ condition: UserCondition, _ page: PageRequest) -> Statement<User> {
        Statement(
            """
            select \(columns) from identity.users u where \(condition.sql)
            order by \(order(page)) limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ condition: UserCondition) -> Statement<Int> {
        Statement("select count(*) from identity.users u where \(condition.sql)")
    }

    /// users_created_at_idx; keyset by (created_at, id), the newest first.
    static func list(_ condition: UserCondition, after cursor: UserCursor, limit: Int) -> Statement<User> {
        Statement("select \(columns) \(following(condition, cursor, limit))", .report)
    }

    /// How many accounts an export would have, counted up to a limit; the index of its pages.
    static func count(_ condition: UserCondition, after cursor: UserCursor, upTo limit: Int) -> Statement<Int> {
        Statement("select count(*) from (select \(following(condition, cursor, limit))) counted", .report)
    }

    private static func following(_ condition: UserCondition, _ cursor: UserCursor, _ limit: Int) -> SQL {
        """
        from identity.users u where \(condition.sql) and (u.created_at, u.id) < (\(cursor.createdAt), \(cursor.id))
        order by u.created_at desc, u.id desc limit \(limit)
        """
    }

    private static func order(_ page: PageRequest) -> SQL {
        switch (page.sort, page.isDescending) {
        case ("name", false): "lower(u.last_name), lower(u.first_name), u.id"
        case ("name", true): "lower(u.last_name) desc, lower(u.first_name) desc, u.id desc"
        case ("email", false): "lower(u.email), u.id"
        case ("email", true): "lower(u.email) desc, u.id desc"
        case (_, false): "u.created_at, u.id"
        case (_, true): "u.created_at desc, u.id desc"
        }
    }

    static func insert(_ user: User) -> Command {
        Command(
            """
            insert into identity.users (id, created_at, updated_at, email, email_verified_at, phone, phone_verified_at,
                password_hash, first_name, middle_name, last_name, locale, time_zone, birth_on, status, department,
                must_change_password, source, terms_accepted_at)
            values (\(user.id), \(user.createdAt), \(user.updatedAt), \(user.email), \(user.emailVerifiedAt),
                \(user.phone), \(user.phoneVerifiedAt), \(user.passwordHash), \(user.firstName), \(user.middleName),
                \(user.lastName), \(user.locale), \(user.timeZone), \(user.birthOn), \(user.status), \(user.department),
                \(user.mustChangePassword), \(user.source), \(user.termsAcceptedAt))
            """)
    }

    /// Everything a transition may change, written back under the lock it was read with.
    static func save(_ user: User) -> Command {
        Command(
            """
            update identity.users set updated_at = \(user.updatedAt), email = \(user.email),
                email_verified_at = \(user.emailVerifiedAt), phone = \(user.phone),
                phone_verified_at = \(user.phoneVerifiedAt), password_hash = \(user.passwordHash),
                first_name = \(user.firstName), middle_name = \(user.middleName), last_name = \(user.lastName),
                locale = \(user.locale), time_zone = \(user.timeZone), avatar_file_id = \(user.avatarFileID),
                birth_on = \(user.birthOn), preferences = \(user.preferences),
                status = \(user.status), suspended_until = \(user.suspendedUntil),
                status_reason = \(user.statusReason), department = \(user.department),
                must_change_password = \(user.mustChangePassword), token_version = \(user.tokenVersion),
                source = \(user.source), terms_accepted_at = \(user.termsAcceptedAt),
                last_login_at = \(user.lastLoginAt), last_login_ip = \(user.lastLoginAddress),
                last_active_at = \(user.lastActiveAt), deleted_at = \(user.deletedAt)
            where id = \(user.id)
            """)
    }

    /// Notes a sign-in, unless the account has changed since its password was checked; the row stays locked, so that
    /// simultaneous sign-ins count their families one after the other.
    static func noteSignIn(_ user: User, at now: Instant, address: String?) -> Command {
        Command(
            """
            update identity.users set last_login_at = \(now), last_login_ip = \(address), last_active_at = \(now)
            where id = \(user.id) and token_version = \(user.tokenVersion) and status in ('pending', 'active')
                and password_hash is not distinct from \(user.passwordHash)
            """)
    }

    /// An account that somebody registered with a number and has not proved. users_phone_idx
    static func waiting(phone: String) -> Statement<User> {
        Statement(
            """
            select \(columns) from identity.users u
            where u.phone = \(phone) and u.deleted_at is null and u.status = 'pending' and u.source = 'register'
                and u.email is null and u.phone_verified_at is null
            order by u.id limit 1 for no key update
            """)
    }

    /// Such accounts of long ago. users_status_idx
    static func dropWaiting(before: Instant) -> Command {
        Command(
            """
            delete from identity.users where id in (
                select id from identity.users
                where status = 'pending' and source = 'register' and email is null and phone_verified_at is null
                    and created_at < \(before) order by id limit 1000)
            """)
    }

    static func noteActivity(_ id: ID<User>, at now: Instant) -> Command {
        Command("update identity.users set last_active_at = \(now) where id = \(id)")
    }

    /// users_suspended_until_idx
    static func liftSuspensions(at now: Instant) -> Statement<User> {
        Statement(
            """
            update identity.users u set status = 'active', suspended_until = null, status_reason = null,
                updated_at = \(now)
            where u.suspended_until <= \(now) returning \(columns)
            """)
    }
}

extension User: Row {
    package init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        email = try row.next()
        emailVerifiedAt = try row.next()
        phone = try row.next()
        phoneVerifiedAt = try row.next()
        passwordHash = try row.next()
        firstName = try row.next()
        middleName = try row.next()
        lastName = try row.next()
        locale = try row.next()
        timeZone = try row.next()
        avatarFileID = try row.next()
        birthOn = try row.next()
        status = try row.next()
        suspendedUntil = try row.next()
        statusReason = try row.next()
        department = try row.next()
        mustChangePassword = try row.next()
        twoFactor = try row.next()
        tokenVersion = try row.next()
        preferences = try row.next()
        source = try row.next()
        termsAcceptedAt = try row.next()
        lastLoginAt = try row.next()
        lastLoginAddress = try row.next()
        lastActiveAt = try row.next()
        deletedAt = try row.next()
    }
}
