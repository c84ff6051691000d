import HTTP
import Identity
import Postgres
import Realtime
import Runtime
import Service
import Telemetry

/// The figures of `/metrics` that the layers keep themselves: process, loops, connections, database, blocking pool.
enum Gauges {
    static func register(_ program: Program, _ server: HTTPServer, _ composition: Composition) {
        let registry = program.registry
        ProcessMetrics.register(in: registry)
        for loop in program.loops.loops { loop.execute { LoopMetrics.watch(loop, in: registry) } }
        watch(server, registry)
        watch(program.database, registry)
        watch(program.blocking, registry)
        watch(composition.realtime, registry)
        watch(composition.outbox, composition.identity.audit, registry)
    }

    /// Anything but zero is an alarm.
    private static func watch(_ outbox: Outbox, _ audit: Audit, _ registry: MetricRegistry) {
        registry.sampledGauge("atrium_events_set_aside", "Events that a handler does not take; tried again every hour.") {
            Double(outbox.setAside)
        }
        registry.sampledGauge("atrium_events_unclaimed", "Events kept for handlers that this program does not have.") {
            Double(outbox.unclaimed)
        }
        registry.sampledCounter("atrium_audit_failures_total", "Rows of the audit trail that could not be written.") {
            Double(audit.failureCount)
        }
    }

    private static func watch(_ server: HTTPServer, _ registry: MetricRegistry) {
        func sum(_ value: @escaping @Sendable (ServerCounters) -> Int) -> @Sendable () -> Double {
            { Double(server.counters.reduce(0) { $0 + value($1) }) }
        }
        registry.sampledGauge("atrium_http_connections", "Open connections.", sample: sum { $0.active.current() })
        registry.sampledGauge("atrium_http_in_flight", "Requests being answered.", sample: sum { $0.inFlight.current() })
        registry.sampledCounter(
            "atrium_http_accepted_total", "Connections accepted.", sample: sum { $0.accepted.current() })
        registry.sampledCounter(
            "atrium_http_connections_refused_total", "Connections beyond a limit.",
            sample: sum { $0.refusedConnections.current() })
        registry.sampledCounter("atrium_http_received_bytes_total", "Bytes in.", sample: sum { $0.bytesIn.current() })
        registry.sampledCounter("atrium_http_sent_bytes_total", "Bytes out.", sample: sum { $0.bytesOut.current() })
        for refusal in Refusal.allCases {
            registry.sampledCounter(
                "atrium_http_refusals_total", "Requests the server answered by itself, by reason.",
                ["reason": refusal.rawValue], sample: sum { $0.refused(refusal) })
        }
    }

    private static func watch(_ realtime: RealtimeModule, _ registry: MetricRegistry) {
        let counters = realtime.counters
        func count(_ name: String, _ help: String, _ labels: MetricLabels = [:], _ value: @escaping @Sendable () -> Int) {
            registry.sampledCounter("atrium_realtime_\(name)_total", help, labels) { Double(value()) }
        }
        registry.sampledGauge("atrium_realtime_sockets", "Sockets, by whose they are.", ["of": "guest"]) {
            Double(counters.guests.read())
        }
        registry.sampledGauge("atrium_realtime_sockets", "Sockets, by whose they are.", ["of": "user"]) {
            Double(counters.signedIn.read())
        }
        registry.sampledGauge("atrium_realtime_sessions", "Sessions of Engine.IO.") { Double(counters.sessions.read()) }
        registry.sampledGauge("atrium_realtime_polls", "Requests that wait for something to tell.") {
            Double(realtime.waitingPolls)
        }
        registry.sampledGauge("atrium_realtime_rooms", "Rooms that somebody here is in.") { Double(counters.rooms.read()) }
        count("events", "Events read for the rooms of this process.") { counters.events.read() }
        count("told", "Events given to sockets.") { counters.told.read() }
        count("gaps", "Sockets told to read anew, since events were gone.") { counters.gaps.read() }
        count("received", "Messages of clients.") { counters.received.read() }
        let drops = "Sockets ended or refused by us, by reason."
        count("drops", drops, ["reason": "messages"]) { counters.overTold.read() }
        count("drops", drops, ["reason": "credential"]) { counters.ended.read() }
        count("drops", drops, ["reason": "slow_poll"]) { counters.slow.read() }
        count("drops", drops, ["reason": "user_limit"]) { counters.tooMany.read() }
        let sockets = realtime.sockets
        registry.sampledGauge("atrium_websockets", "Open WebSockets.") {
            Double(sockets.counters.reduce(0) { $0 + $1.active.current() })
        }
        for name in sockets.counters.first?.ends.all.map(\.name) ?? [] {
            registry.sampledCounter("atrium_websocket_ends_total", "WebSockets that ended, by what ended them.", ["by": name]) {
                Double(sockets.counters.reduce(0) { $0 + ($1.ends.all.first { $0.name == name }?.count ?? 0) })
            }
        }
    }

    private static func watch(_ database: Database, _ registry: MetricRegistry) {
        func counter(_ name: String, _ help: String, _ value: @escaping @Sendable (DatabaseMetrics) -> Int) {
            registry.sampledCounter("atrium_database_\(name)_total", help) { Double(value(database.metrics)) }
        }
        func gauge(_ name: String, _ help: String, _ value: @escaping @Sendable (DatabaseMetrics) -> Int) {
            registry.sampledGauge("atrium_database_\(name)", help) { Double(value(database.metrics)) }
        }
        counter("queries", "Statements sent.") { $0.queries }
        counter("rows", "Rows received.") { $0.rows }
        counter("batches", "Batches of reads behind one sync.") { $0.batches }
        counter("transactions", "Transactions begun.") { $0.transactions }
        counter("retries", "Statements and transactions sent once more.") { $0.retries }
        counter("waited", "Statements that stood in line.") { $0.waited }
        counter("refusals", "Statements refused by PostgreSQL.") { $0.refusals }
        counter("losses", "Statements that met a lost or missing connection.") { $0.losses }
        counter("overloads", "Statements refused because the line was full.") { $0.overloads }
        gauge("connections", "Connections open.") { $0.connections }
        gauge("leased", "Connections given to transactions.") { $0.leased }
        gauge("waiting", "Statements in line.") { $0.waiting }
    }

    private static func watch(_ pool: BlockingPool, _ registry: MetricRegistry) {
        registry.sampledGauge("atrium_blocking_running", "Work running on the blocking pool.") {
            Double(pool.statistics.running)
        }
        registry.sampledGauge("atrium_blocking_waiting", "Work waiting for the blocking pool.") {
            Double(pool.statistics.waiting)
        }
        registry.sampledCounter("atrium_blocking_refused_total", "Work refused because the line was full.") {
            Double(pool.statistics.refused)
        }
    }
}
