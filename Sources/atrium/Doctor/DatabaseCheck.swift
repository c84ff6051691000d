import Postgres
import Service
import Values

/// What the database lacks.
struct DatabaseCheck: Sendable {
    let database: Database
    let settings: Settings
    let migrations: [Migration]

    static let oldestVersion = 150_000
    static let extensions = ["btree_gist", "citext", "pg_trgm", "unaccent"]
    /// More than that between two clocks, and tokens are refused or live too long.
    static let largestSkew = Duration.seconds(2)

    func findings() async -> [Finding] {
        let facts: DatabaseFacts
        do {
            try await database.requireOwnSessions()
            facts = try await database.one(DatabaseFacts.asked(Self.extensions))
        } catch let error as SharedSessions {
            return [.bad("database", "\(error)")]
        } catch {
            return [.bad("database", "cannot be reached: \(ErrorText.of(error))")]
        }
        return [version(facts), encoding(facts), clock(facts), connections(facts), rights(facts), available(facts)]
            + [await together(facts), await schema()]
    }

    private func version(_ facts: DatabaseFacts) -> Finding {
        facts.number >= Self.oldestVersion
            ? .good("database", "PostgreSQL \(facts.version)")
            : .bad("database", "PostgreSQL \(facts.version); it takes 15 at least")
    }

    private func encoding(_ facts: DatabaseFacts) -> Finding {
        facts.encoding == "UTF8"
            ? .good("encoding", "UTF8") : .bad("encoding", "\(facts.encoding); the database has to be made with UTF8")
    }

    private func clock(_ facts: DatabaseFacts) -> Finding {
        let skew = facts.now - .now
        let apart = skew < .zero ? Duration.zero - skew : skew
        let words = "\(apart.components.seconds) s between this machine and the database"
        return apart > Self.largestSkew ? .bad("clock", words) : .good("clock", words)
    }

    private func connections(_ facts: DatabaseFacts) -> Finding {
        let wanted = settings[PostgresSettings.poolMax] + 1
        let words = "max_connections is \(facts.connections); this process takes \(wanted)"
        return facts.connections > wanted ? .good("connections", words) : .bad("connections", words)
    }

    /// This look at the database is a process, too, and opens as many at the most as the one that will serve.
    private func together(_ facts: DatabaseFacts) async -> Finding {
        let most = settings[PostgresSettings.totalMax]
        let claimed: Int
        do { claimed = try await database.one(ConnectionBudget.claimed) } catch {
            return .look("processes", "how many connections all processes may open cannot be read: \(error)")
        }
        let words = "all processes together may open \(claimed) connections; DB_TOTAL_MAX is \(most), max_connections \(facts.connections)"
        return claimed <= most && most <= facts.connections ? .good("processes", words) : .look("processes", words)
    }

    private func rights(_ facts: DatabaseFacts) -> Finding {
        facts.mayCreate
            ? .good("database rights", "\(facts.user) may create schemas")
            : .bad("database rights", "\(facts.user) may not create schemas in this database, which migrations do")
    }

    private func available(_ facts: DatabaseFacts) -> Finding {
        let missing = Self.extensions.filter { !facts.extensions.contains($0) }
        return missing.isEmpty
            ? .good("extensions", Self.extensions.joined(separator: ", "))
            : .bad("extensions", "not installed: \(missing.joined(separator: ", ")) (apt-get install postgresql-contrib)")
    }

    private func schema() async -> Finding {
        do {
            let pending = try await Migrator(database, migrations).status().pending.count
            if pending == 0 { return .good("schema", "\(migrations.count) migrations are in place") }
            let isProduction = settings[GeneralSettings.environment] == .production
            let words = "\(pending) of \(migrations.count) migrations are pending"
            return isProduction ? .bad("schema", words + "; run `atrium migrate`") : .look("schema", words)
        } catch {
            return .bad("schema", ErrorText.of(error))
        }
    }
}

/// What a database says of itself.
struct DatabaseFacts: Row {
    let version: String
    let number: Int
    let encoding: String
    let now: Instant
    let connections: Int
    let user: String
    let mayCreate: Bool
    let extensions: [String]

    init(_ row: inout RowReader) throws {
        version = try row.next()
        number = try row.next()
        encoding = try row.next()
        now = try row.next()
        connections = try row.next()
        user = try row.next()
        mayCreate = try row.next()
        extensions = try row.next()
    }

    static func asked(_ extensions: [String]) -> Statement<DatabaseFacts> {
        Statement(
            """
            select current_setting('server_version'), current_setting('server_version_num')::bigint,
                current_setting('server_encoding'), clock_timestamp(), current_setting('max_connections')::bigint,
                current_user::text, has_database_privilege(current_database(), 'CREATE'),
                (select coalesce(array_agg(e.name::text), '{}') from pg_catalog.pg_available_extensions e
                 where e.name = any(\(extensions)::text[]))
            """, .report)
    }
}
