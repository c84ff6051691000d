import HTTP
import JSON
import Service

extension Orders {
    /// A stretch of a list that is nobody's own, read once for all who ask for it within a moment, and written once for all who
    /// have nothing to do with its orders: nearly everybody.
    final class Feed: Sendable {
        let rows: [ListedOrder]
        let text: SharedBytes
        /// Whose orders they are and who has taken them: they see them otherwise.
        private let parties: Set<Int>

        init(_ rows: [ListedOrder], text: SharedBytes) {
            self.rows = rows
            self.text = text
            parties = rows.reduce(into: []) { parties, row in
                guard let order = row.order else { return }
                parties.insert(order.client)
                parties.formUnion(order.takers)
            }
        }

        func concerns(_ viewer: Viewer) -> Bool { viewer.isStaff || viewer.id.map(parties.contains) ?? false }
    }

    /// A list as an answer.
    func answer(_ filter: OrderFilter, of call: Call) async throws -> Answer {
        let viewer = call.viewer
        guard filter.isForAll, try await !hasTaken(viewer, filter) else {
            return call.answerBare(try await list(filter, for: viewer), status: 200)
        }
        var key = filter
        if key.status == nil { key.status = .one(.active) }
        let feed = try await feeds.read(key, on: call.loop) { [self, key] in
            let (rows, life) = try await read(key)
            var writer = JSONWriter(capacity: 1 << 15)
            list(rows, key, .guest).write(to: &writer)
            return .init(Feed(rows, text: writer.withUnsafeBytes { SharedBytes($0) }), for: life)
        }
        if feed.concerns(viewer) { return call.answerBare(list(feed.rows, filter, viewer), status: 200) }
        return Answer(status: 200, content: .shared(feed.text, type: "application/json; charset=utf-8"))
    }

    /// The rows, and how long they hold while nobody changes anything: until the next deadline of the board. Others are not kept.
    private func read(_ filter: OrderFilter) async throws -> ([ListedOrder], Duration) {
        if filter.status == .one(.active), filter.point == nil {
            let rows = try await database.all(
                OrderListQueries.feed(
                    OrderQuery.rest(filter, terms.executors), limit: filter.limit, offset: filter.offset))
            return (rows.map(\.listed), rows.first?.life ?? .zero)
        }
        guard let query = try OrderQuery(filter, for: .guest, terms) else { return ([], .zero) }
        return (try await database.all(OrderListQueries.list(query)), .zero)
    }

    /// Without a status an executor is shown what he has taken, too; whoever has taken nothing sees what guests see.
    private func hasTaken(_ viewer: Viewer, _ filter: OrderFilter) async throws -> Bool {
        guard filter.status == nil, let id = viewer.id else { return false }
        return try await takers.first(id) != nil
    }
}

extension OrderFilter {
    /// What everybody is shown alike.
    fileprivate var isForAll: Bool { !mine.isSet && !takenByMe.isSet }
}
