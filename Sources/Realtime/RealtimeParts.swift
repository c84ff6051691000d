import HTTP
import Postgres
import Service
import Telemetry
import Values

/// What all sockets of the process share.
struct RealtimeParts: Sendable {
    let database: Database
    let sockets: WebSockets
    let authenticator: any Authenticator
    let locks: ScopeLocks
    let kinds: [RoomKind]
    /// What clients of Socket.IO may say, by name.
    let events: [String: ClientEvent]
    let hub: RoomHub
    let census: UserCensus
    let limits: RealtimeLimits
    let counters: RealtimeCounters
    let stopping: StopFlag
    let clock: Clock
    let log: Log
}
