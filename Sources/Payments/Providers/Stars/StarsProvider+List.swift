import JSON
import Postgres
import Service
import Telegram
import Values

/// A bot's list of transactions, read on from where it was left. It is in the order of time, oldest first, and only grows.
extension StarsProvider {
    private static let page = 100
    /// What has been read once is read again, in case two of one second have changed places.
    private static let overlap: Int = 20
    /// How many pages are read at once; whoever finds more left comes again.
    private static let pages = 50

    /// Throws `OutsideFailure.incomprehensible` while there is more than can be read at once.
    func readList(of bot: TelegramBot) async throws {
        let number = try await number(of: bot)
        for _ in 0..<Self.pages {
            let length = try await database.first(StarsQueries.length(of: number)) ?? 0
            let offset = max(0, length - Self.overlap)
            let reply = try await call(
                "getStarTransactions", ["offset": .number("\(offset)"), "limit": .number("\(Self.page)")], as: bot)
            guard let entries = reply["transactions"]?.array else {
                throw OutsideFailure.incomprehensible("answered without transactions")
            }
            let movements = try entries.compactMap { try StarMovement($0) }
            try await database.transaction { _ in
                if !movements.isEmpty { try await database.execute(StarsQueries.keep(movements, bot: number)) }
                try await database.execute(StarsQueries.advance(number, to: offset + entries.count))
            }
            if entries.count < Self.page { return }
        }
        throw OutsideFailure.incomprehensible("a list that is too long to be read at once")
    }

    package func receipts(from: Instant, to: Instant, after cursor: String?) async throws -> ReceiptPage? {
        var numbers: [Int] = []
        for bot in bots.all {
            if cursor == nil { try await readList(of: bot) }
            numbers.append(try await number(of: bot))
        }
        let rows = try await database.all(
            StarsQueries.receipts(
                of: numbers, from: from, to: to, after: cursor.flatMap(StarReceipt.place), limit: 1000))
        return ReceiptPage(rows.map(\.receipt), next: rows.count < 1000 ? nil : rows.last?.cursor)
    }
}
