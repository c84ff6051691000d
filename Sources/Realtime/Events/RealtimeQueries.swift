import JSON
import Postgres
import Values

enum RealtimeQueries {
    static let channel = "realtime"

    /// Numbers the events of each room, in the order given, behind those it has; keeps 200 of each, and wakes every instance
    /// at the commit, with the name of each room. The rooms are locked in the order of their names, so that two
    /// transactions do not wait for each other.
    static func add(_ events: [NewRoomEvent]) -> Statement<Int> {
        let data = events.map(\.data.string)
        return Statement(
            """
            with given as (
                select w.room, w.event, w.data, w.place, row_number() over (partition by w.room order by w.place) as number
                from unnest(\(events.map(\.room))::text[], \(events.map(\.name))::text[], \(data)::text[])
                    with ordinality as w(room, event, data, place)
            ), counted as (
                select g.room, count(*) as count, floor(extract(epoch from clock_timestamp()) * 1000)::bigint as base
                from given g group by g.room order by g.room
            ), heads as (
                insert into realtime.rooms as r (room, first, seq, at)
                select c.room, c.base + 1, c.base + c.count, clock_timestamp() from counted c order by c.room
                on conflict (room) do update set seq = r.seq + excluded.seq - excluded.first + 1, at = excluded.at
                returning r.room, r.seq
            ), added as (
                insert into realtime.events (room, seq, event, data, at)
                select g.room, h.seq - c.count + g.number, g.event, g.data::json, clock_timestamp()
                from given g join counted c using (room) join heads h using (room)
                where c.count - g.number < 200
                returning room
            ), dropped as (
                delete from realtime.events e using heads h where e.room = h.room and e.seq <= h.seq - 200
            )
            select count(pg_notify('realtime', h.room)) from heads h
            """)
    }

    static let passingChannel = "realtime_passing"

    /// Tells every instance, at the commit, what is kept nowhere (`PassingEvent.packed`).
    static func pass(_ payloads: [String]) -> Statement<Int> {
        Statement("select count(pg_notify('realtime_passing', p.text)) from unnest(\(payloads)::text[]) as p (text)")
    }

    /// How far rooms have come (rooms_pkey).
    static func head(of room: String) -> Statement<RoomHead> {
        Statement(
            """
            select r.first, r.seq, floor(extract(epoch from clock_timestamp()) * 1000)::bigint
            from (select \(room)::text as room) wanted left join realtime.rooms r on r.room = wanted.room
            """)
    }

    /// What was told to rooms behind a number for each, room by room in order (events_pkey).
    static func events(of rooms: [String], after: [Int]) -> Statement<RoomEvent> {
        Statement(
            """
            select e.room, e.seq, e.event, e.data, e.at, e.seq = r.first
            from unnest(\(rooms)::text[], \(after)::bigint[]) as wanted(room, seq)
            join realtime.events e on e.room = wanted.room and e.seq > wanted.seq
            join realtime.rooms r on r.room = e.room
            where e.at > clock_timestamp() - interval '10 minutes'
            order by e.room, e.seq
            """)
    }

    /// Whether the figures of the queues are to be told now, and by us: nobody else is at it, or was a moment ago.
    static func mayTellQueues() -> Statement<Bool> {
        Statement(
            """
            select pg_try_advisory_xact_lock(hashtextextended('realtime.queue', 0))
                and not exists (select from realtime.rooms r
                                where r.room = 'queue' and r.at > clock_timestamp() - interval '4 seconds')
            """)
    }

    /// Events of more than ten minutes (events_at).
    static func purgeEvents() -> Command {
        Command("delete from realtime.events where at < clock_timestamp() - interval '10 minutes'")
    }

    /// Rooms of which nothing was heard for a day (rooms_at). One that is just being told something is left alone.
    static func purgeRooms() -> Command {
        Command(
            """
            delete from realtime.rooms where room in (
                select room from realtime.rooms where at < clock_timestamp() - interval '1 day'
                limit 10000 for update skip locked)
            """)
    }
}
