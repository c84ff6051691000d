import JSON
import Postgres
import Values

/// The SQL of devices.
enum DeviceQueries {
    private static var columns: SQL { "d.id, d.user_id, d.kind, d.token, d.platform, d.keys, d.name, d.last_seen_at, d.created_at" }

    /// A token is one device: whoever signs in on it last has it. devices_token_key; answers whether it is new.
    static func keep(_ device: NewDevice, _ hash: [UInt8], of user: UUID, at now: Instant) -> Statement<KeptDevice> {
        Statement(
            """
            insert into notifications.devices as d (id, user_id, kind, token, token_hash, platform, keys, name, last_seen_at,
                created_at)
            values (\(UUID.v7()), \(user), \(device.kind), \(device.token), \(hash), \(device.platform),
                \(device.keys.map { JSONText(encoding: $0) }), \(device.name), \(now), \(now))
            on conflict (token_hash) do update
            set user_id = excluded.user_id, kind = excluded.kind, platform = excluded.platform, keys = excluded.keys,
                name = excluded.name, last_seen_at = excluded.last_seen_at, disabled_at = null, failures = 0
            returning \(columns), d.created_at = \(now)
            """)
    }

    /// Ten a user: the ones not seen for longest go.
    static func dropSurplus(of user: UUID) -> Command {
        Command(
            """
            delete from notifications.devices where id in (
                select id from notifications.devices where user_id = \(user) order by last_seen_at desc, id desc offset 10)
            """)
    }

    /// devices_user_idx
    static func live(of user: UUID) -> Statement<Device> {
        Statement(
            """
            select \(columns) from notifications.devices d
            where d.user_id = \(user) and d.disabled_at is null order by d.last_seen_at desc, d.id
            """)
    }

    static func one(_ id: ID<Device>) -> Statement<Device> {
        Statement("select \(columns) from notifications.devices d where d.id = \(id) and d.disabled_at is null")
    }

    /// devices_token_key
    static func one(token hash: [UInt8]) -> Statement<Device> {
        Statement("select \(columns) from notifications.devices d where d.token_hash = \(hash) and d.disabled_at is null")
    }

    static func delete(_ id: ID<Device>, of user: UUID) -> Command {
        Command("delete from notifications.devices where id = \(id) and user_id = \(user)")
    }

    /// devices_token_key
    static func delete(token hash: [UInt8], of user: UUID) -> Command {
        Command("delete from notifications.devices where token_hash = \(hash) and user_id = \(user)")
    }

    static func deleteAll(of user: UUID) -> Command {
        Command("delete from notifications.devices where user_id = \(user)")
    }

    /// The service says that nobody is there any more.
    static func disable(_ ids: [ID<Device>], at now: Instant) -> Command {
        Command("update notifications.devices set disabled_at = \(now) where id = any(\(ids)::uuid[]) and disabled_at is null")
    }

    /// Five messages in a row that could not be handed over, and it is gone.
    static func failed(_ id: ID<Device>, at now: Instant) -> Command {
        Command(
            """
            update notifications.devices
            set failures = failures + 1, disabled_at = case when failures >= 4 then \(now)::timestamptz else disabled_at end
            where id = \(id)
            """)
    }

    static func worked(_ id: ID<Device>) -> Command {
        Command("update notifications.devices set failures = 0 where id = \(id) and failures > 0")
    }

    /// Messages whose fate Expo knows by now. Served by `notifications_type_idx`.
    static func awaitingReceipts(from: Instant, to: Instant) -> Statement<AwaitedReceipt> {
        Statement(
            """
            select id, external_id, recipient::uuid from notifications.notifications
            where type = 'push' and status = 'sent' and provider = 'expo' and external_id is not null
                and sent_at >= \(from) and sent_at < \(to) order by id limit 1000
            """)
    }

    static var samples: [StatementSample] {
        let instant = Instant(microseconds: 0)
        let device = NewDevice(kind: .fcm, token: "", platform: .web, keys: nil, name: nil)
        let id = ID<Device>(.zero)
        return [
            StatementSample("keep device", keep(device, [], of: .zero, at: instant)),
            StatementSample("drop surplus devices", dropSurplus(of: .zero)),
            StatementSample("live devices", live(of: .zero)),
            StatementSample("device", one(id)),
            StatementSample("device by token", one(token: [])),
            StatementSample("delete device", delete(id, of: .zero)),
            StatementSample("delete devices", deleteAll(of: .zero)),
            StatementSample("delete device by token", delete(token: [], of: .zero)),
            StatementSample("disable devices", disable([], at: instant)),
            StatementSample("failed device", failed(id, at: instant)),
            StatementSample("working device", worked(id)),
            StatementSample("awaited receipts", awaitingReceipts(from: instant, to: instant)),
        ]
    }
}

struct KeptDevice: Row {
    let device: Device
    let isNew: Bool

    init(_ row: inout RowReader) throws {
        device = try Device(&row)
        isNew = try row.next()
    }
}

struct AwaitedReceipt: Row {
    let id: ID<Notification>
    let ticket: String
    let device: ID<Device>

    init(_ row: inout RowReader) throws {
        id = try row.next()
        ticket = try row.next()
        device = try row.next()
    }
}
