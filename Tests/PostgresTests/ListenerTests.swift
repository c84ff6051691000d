import Postgres
import Support
import Testing

@Suite(.timeLimit(.minutes(15))) struct ListenerTests {
    @Test func notificationsAreHeardAlsoAfterTheConnectionWasLost() async throws {
        try await withDatabase(.empty) { database in
            let (words, word) = AsyncStream.makeStream(of: String.self)
            let (losses, loss) = AsyncStream.makeStream(of: Void.self)
            let subscription = database.listen("Odd \"channel", lost: { loss.yield() }) { word.yield($0) }
            var heard = words.makeAsyncIterator()
            var lost = losses.makeAsyncIterator()
            try await untilListening(database)
            try await notify(database, "first")
            #expect(await heard.next() == "first")
            try await Backends.kill(database, where: "query ilike 'listen%'")
            await lost.next()
            try await notify(database, "second")
            #expect(await heard.next() == "second")
            subscription.cancel()
            try await Backends.until {
                try await !database.administer("select 1 from pg_stat_activity where query ilike 'unlisten%'").isEmpty
            }
            try await notify(database, "unheard")
            word.finish()
            #expect(await heard.next() == nil)
        }
    }

    /// A notification of a transaction that is rolled back is not sent.
    @Test func notificationsAreTransactional() async throws {
        struct Refusal: Error {}
        try await withDatabase(.empty) { database in
            let (words, word) = AsyncStream.makeStream(of: String.self)
            database.listen("news") { word.yield($0) }
            var heard = words.makeAsyncIterator()
            try await untilListening(database)
            _ = try? await database.transaction { _ in
                _ = try await database.all(Statement<String>("select pg_notify('news', 'undone')::text"))
                throw Refusal()
            }
            _ = try await database.transaction { _ in
                try await database.all(Statement<String>("select pg_notify('news', 'done')::text"))
            }
            #expect(await heard.next() == "done")
        }
    }

    private func untilListening(_ database: Database) async throws {
        try await Backends.until {
            try await !database.administer(
                """
                select 1 from pg_stat_activity
                where datname = current_database() and query ilike 'listen%' and state = 'idle'
                """).isEmpty
        }
    }

    private func notify(_ database: Database, _ word: String) async throws {
        _ = try await database.all(Statement<String>("select pg_notify('Odd \"channel', \(word))::text"))
    }

    /// A refused LISTEN is tried again, and leaves no connection behind.
    @Test func aRefusedListenGivesItsConnectionBack() async throws {
        try await withDatabase(.empty) { database in
            let subscription = database.listen("") { _ in }
            defer { subscription.cancel() }
            // Each look is a session too, and the server counts one when it has ended.
            var looks = 0
            var ended = 0
            while ended < looks + 2 {
                let row = try await database.administer(
                    """
                    select sessions, (select count(*) from pg_stat_activity a
                        where a.datname = d.datname and pid <> pg_backend_pid() and query = 'listen ""')
                    from pg_stat_database d where datname = current_database()
                    """)[0]
                looks += 1
                ended = try #require(row[0].flatMap { Int($0) })
                // One that is ending may still be seen beside the next.
                #expect(try #require(row[1].flatMap { Int($0) }) <= 2)
            }
        }
    }

    @Test func whoSubscribesWhileTheLastOneLeavesHearsEverything() async throws {
        try await withDatabase(.empty) { database in
            let first = database.listen("Odd \"channel") { _ in }
            try await untilListening(database)
            let (words, word) = AsyncStream.makeStream(of: String.self)
            let (changes, change) = AsyncStream.makeStream(of: Bool.self)
            first.cancel()
            database.listen("Odd \"channel", hears: { change.yield($0) }) { word.yield($0) }
            var (heard, told) = (words.makeAsyncIterator(), changes.makeAsyncIterator())
            #expect(await told.next() == true)
            try await notify(database, "first")
            #expect(await heard.next() == "first")
            // It was not told before the channel was listened to anew.
            change.finish()
            #expect(await told.next() == nil)
        }
    }

    /// Closed between the answers to two LISTENs, while the connection is not yet anybody's.
    @Test func closedWhileItBeginsToListenItLeavesNoSessionBehind() async throws {
        try await withDatabase(.empty) { database in
            let (closings, closing) = AsyncStream.makeStream(of: Void.self)
            for channel in ["one", "two"] {
                database.listen(
                    channel,
                    hears: { isHeard in
                        guard isHeard else { return }
                        database.close()
                        closing.yield()
                    }
                ) { _ in }
            }
            for await _ in closings { break }
            try await Backends.until {
                try await database.administer(
                    "select 1 from pg_stat_activity where datname = current_database() and query ilike 'listen%'").isEmpty
            }
        }
    }
}
