import Postgres
import Support
import Synchronization
import Testing
import Values

@testable import Service

/// Events reach each handler in order and at least once; what one handler cannot take holds up nobody else.
@Suite struct OutboxTests {
    private struct Refusal: Error {}

    /// What handlers were given, as `handler:event`.
    private final class Diary: Sendable {
        private let entries = Mutex<[String]>([])
        func note(_ entry: String) { entries.withLock { $0.append(entry) } }
        func of(_ handler: String) -> [String] {
            entries.withLock { $0.filter { $0.hasPrefix(handler + ":") } }.map { String($0.dropFirst(handler.count + 1)) }
        }
    }

    private func handler(
        _ name: String, _ diary: Diary, failing: @escaping @Sendable (Event, Int) -> Bool = { _, _ in false }
    ) -> EventHandler {
        EventHandler(name, on: ["happened"]) { event in
            let before = diary.of(name).count
            diary.note("\(name):\(event.objectType)")
            if failing(event, before) { throw Refusal() }
        }
    }

    private func publish(_ names: [String], _ outbox: Outbox) async throws {
        for name in names { try await outbox.publish(Event("happened", name, nil)) }
    }

    @Test func aHandlerThatFailsForEverHoldsUpNobodyAndIsSetAside() async throws {
        try await withDatabase { database in
            let clock = TestClock()
            let outbox = Outbox(database: database, log: .silent, clock: clock.clock)
            let diary = Diary()
            let handlers = [
                handler("broken", diary, failing: { event, _ in event.objectType == "poison" }), handler("fine", diary),
            ]
            try await publish(["poison", "second", "third"], outbox)
            _ = try await outbox.dispatch(to: handlers)
            #expect(diary.of("fine") == ["poison", "second", "third"])
            #expect(diary.of("broken") == ["poison"])
            // Not again before its time.
            _ = try await outbox.dispatch(to: handlers)
            #expect(diary.of("broken") == ["poison"])
            for _ in 1..<Outbox.attempts {
                clock.advance(by: .minutes(20))
                _ = try await outbox.dispatch(to: handlers)
            }
            #expect(diary.of("broken") == Array(repeating: "poison", count: Outbox.attempts) + ["second", "third"])
            // Also for a process that has just begun.
            let other = Outbox(database: database, log: .silent)
            try await other.count(for: handlers)
            #expect(other.setAside == 1 && other.unclaimed == 0)
            try await other.count(for: [handlers[1]])
            #expect(other.unclaimed == 1)
            let kept = try await database.one(
                Statement<Int>("select count(*) from api.outbox_backlog where failed_at is not null"))
            #expect(kept == 1)
            try await publish(["fourth"], outbox)
            _ = try await outbox.dispatch(to: handlers)
            #expect(diary.of("broken").last == "fourth" && diary.of("fine").last == "fourth")
        }
    }

    /// Its trouble lasts longer than all tries, until somebody mends it; nothing that it should have heard of is forgotten.
    @Test func whatWasSetAsideIsTakenOnceItCanBe() async throws {
        try await withDatabase { database in
            let clock = TestClock()
            let outbox = Outbox(database: database, log: .silent, clock: clock.clock)
            let diary = Diary()
            let isMended = Mutex(false)
            let handlers = [
                handler("broken", diary, failing: { event, _ in event.objectType == "poison" && !isMended.withLock { $0 } })
            ]
            try await publish(["poison"], outbox)
            for _ in 0..<Outbox.attempts {
                _ = try await outbox.dispatch(to: handlers)
                clock.advance(by: .minutes(20))
            }
            try await publish(["second"], outbox)
            try await database.execute(Command("update api.outbox set at = now() - interval '60 days'"))
            try await outbox.clean()
            _ = try await outbox.dispatch(to: handlers)
            #expect(diary.of("broken").last == "second" && diary.of("broken").count == Outbox.attempts + 1)
            clock.advance(by: .minutes(45))
            _ = try await outbox.dispatch(to: handlers)
            #expect(diary.of("broken").count == Outbox.attempts + 2)
            isMended.withLock { $0 = true }
            _ = try await outbox.dispatch(to: handlers)
            #expect(diary.of("broken").count == Outbox.attempts + 2, "not before its hour")
            clock.advance(by: .minutes(61))
            for _ in 0..<2 { _ = try await outbox.dispatch(to: handlers) }
            #expect(diary.of("broken").count == Outbox.attempts + 3)
            try await outbox.count(for: handlers)
            #expect(outbox.setAside == 0)
            try await outbox.clean()
            #expect(try await database.one(Statement<Int>("select count(*) from api.outbox where object_type = 'poison'")) == 0)
        }
    }

    @Test func whatAHandlerIsBehindWithItGetsInOrder() async throws {
        try await withDatabase { database in
            let clock = TestClock()
            let outbox = Outbox(database: database, log: .silent, clock: clock.clock)
            let diary = Diary()
            let handlers = [handler("late", diary, failing: { _, before in before < 2 })]
            try await publish(["first", "second"], outbox)
            _ = try await outbox.dispatch(to: handlers)
            try await publish(["third"], outbox)
            for _ in 0..<3 {
                clock.advance(by: .minutes(5))
                _ = try await outbox.dispatch(to: handlers)
            }
            #expect(diary.of("late") == ["first", "first", "first", "second", "third"])
        }
    }

    /// Together as long as nothing is wrong; then one by one, and only what is wrong and what lies behind it waits.
    @Test func aHandlerOfManyIsGivenThemTogether() async throws {
        try await withDatabase { database in
            let clock = TestClock()
            let outbox = Outbox(database: database, log: .silent, clock: clock.clock)
            let diary = Diary()
            let handlers = [
                EventHandler.ofMany("many", on: ["happened"]) { events in
                    diary.note("many:\(events.map(\.objectType).joined(separator: "+"))")
                    if events.contains(where: { $0.objectType == "poison" }) { throw Refusal() }
                }
            ]
            try await publish(["first", "second"], outbox)
            _ = try await outbox.dispatch(to: handlers)
            #expect(diary.of("many") == ["first+second"])
            try await publish(["third", "poison", "fourth"], outbox)
            _ = try await outbox.dispatch(to: handlers)
            #expect(diary.of("many") == ["first+second", "third+poison+fourth", "third", "poison"])
            for _ in 1..<Outbox.attempts {
                clock.advance(by: .minutes(20))
                _ = try await outbox.dispatch(to: handlers)
            }
            #expect(diary.of("many").last == "fourth")
            #expect(try await database.one(Statement<Int>("select count(*) from api.outbox where dispatched_at is null")) == 0)
        }
    }

    @Test func aHandlersEffectsAreUndoneWithItsFailure() async throws {
        try await withDatabase { database in
            try await database.execute(Command("create table effects (n int)"))
            let outbox = Outbox(database: database, log: .silent)
            let handler = EventHandler("half", on: ["happened"]) { _ in
                try await database.execute(Command("insert into effects values (1)"))
                throw Refusal()
            }
            try await publish(["first"], outbox)
            _ = try await outbox.dispatch(to: [handler])
            #expect(try await database.one(Statement<Int>("select count(*) from effects")) == 0)
        }
    }

    /// Two instances at once: what lies behind the one that is being handed over is not handed over before it.
    @Test func twoInstancesKeepTheOrder() async throws {
        try await withDatabase { database in
            let (one, two) = (Outbox(database: database, log: .silent), Outbox(database: database, log: .silent))
            let diary = Diary()
            try await publish((0..<Outbox.batch * 2).map { "e\($0)" }, one)
            let handlers = [
                EventHandler("slow", on: ["happened"]) { event in
                    if event.objectType == "e0" {
                        // While this one is under way the other instance looks for work.
                        let other = Task.detached(executorPreference: TestLoops.group.loops[0]) {
                            try await two.dispatch(to: [handler("slow", diary)])
                        }
                        let found = try await other.value
                        #expect(found == 0)
                    }
                    diary.note("slow:\(event.objectType)")
                }
            ]
            for _ in 0..<2 { _ = try await one.dispatch(to: handlers) }
            #expect(diary.of("slow") == (0..<Outbox.batch * 2).map { "e\($0)" })
        }
    }
}
