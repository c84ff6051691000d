import Service
import Telemetry

/// Ends orders whose time has passed: each in a transaction of its own, so that one that cannot be ended stops no other.
/// Any number of processes may do this at once; what one has at hand the others pass over.
struct OrderTimer: Sendable {
    /// Orders in one run; what is left is for the next, seconds later.
    static let most = 2000
    /// Orders of one run that may fail before it gives up: then it is not the order that is wrong.
    static let failures = 20

    let orders: Orders

    /// - Returns: how many were ended.
    func run(_ log: Log) async throws -> Int {
        var ended = 0
        var failed: [OrderID] = []
        while ended < Self.most {
            do {
                guard try await orders.endDue(besides: failed) != nil else { return ended }
                ended += 1
            } catch let unended as Orders.Unended {
                failed.append(unended.order)
                log.error("an order could not be ended", ["order": .text(unended.order.text), "cause": .error(unended.cause)])
                if failed.count >= Self.failures { throw unended.cause }
            }
        }
        return ended
    }
}
