import Glibc
import Postgres
import Service
import Telemetry
import Values

/// How many connections all processes on one database may open together, which none of them can know of itself: each says in
/// its name there how many it may, and so a new one can add up.
enum ConnectionBudget {
    /// `atrium:<most>:<host>:<pid>`, as `pg_stat_activity` shows it; PostgreSQL keeps 63 bytes.
    static func name(_ settings: Settings) -> String {
        var host = [CChar](repeating: 0, count: 65)
        gethostname(&host, 64)
        let name = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "atrium:\(own(settings)):\(name.prefix(32)):\(getpid())"
    }

    /// Those of the pool, and the one that listens.
    static func own(_ settings: Settings) -> Int { settings[PostgresSettings.poolMax] + 1 }

    /// What the processes that are there may open together, this one among them.
    static let claimed = Statement<Int>(
        """
        select coalesce(sum(split_part(name, ':', 2)::bigint), 0)::bigint
          from (select distinct application_name as name from pg_stat_activity
                 where datname = current_database() and application_name ~ '^atrium:[0-9]{1,5}:') processes
        """, .report)

    /// Says so when they may be more than the operator has planned: later, under load, it would be PostgreSQL that refuses.
    static func check(_ program: Program) async {
        let most = program.settings[PostgresSettings.totalMax]
        do {
            let claimed = try await program.database.one(claimed)
            guard claimed > most else { return }
            program.log.warning(
                "all processes together may open more connections to the database than DB_TOTAL_MAX",
                ["connections": .integer(Int64(claimed)), "most": .integer(Int64(most))])
        } catch {
            program.log.warning("connections to the database could not be added up", ["cause": .error(error)])
        }
    }
}
