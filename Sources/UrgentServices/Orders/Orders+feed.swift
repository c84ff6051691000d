import HTTP
import JSON
import Runtime
import Service

/// Which list of the board's active orders: the same for every guest who asks for it.
typealias FeedKey = OrderFilter

extension Orders {
    /// A list as an answer. What guests see is read and written once for all who ask for it at the same time.
    func answer(_ filter: OrderFilter, of call: Call) async throws -> Answer {
        let viewer = call.viewer
        guard viewer == .guest, filter.isFeed else {
            return call.answerBare(try await list(filter, for: viewer), status: 200)
        }
        let bytes = try await feeds.read(filter, on: call.loop) { [self] in
            var writer = JSONWriter(capacity: 1 << 15)
            try await list(filter, for: .guest).write(to: &writer)
            return writer.withUnsafeBytes { SharedBytes($0) }
        }
        return Answer(status: 200, content: .shared(bytes, type: "application/json; charset=utf-8"))
    }
}

extension OrderFilter {
    /// Active orders as guests see them, from nowhere in particular.
    fileprivate var isFeed: Bool {
        (status == nil || status == .one(.active)) && !mine.isSet && !takenByMe.isSet && point == nil
    }
}
