import HTTP
import Runtime
import Telemetry

/// What is counted and written of every request. Metrics carry operation ids, never raw paths.
struct RequestTelemetry: Sendable {
    /// Made once: whether a key is secret is found out when it is made.
    private enum Key {
        static let id: LogKey = "id"
        static let operation: LogKey = "operation"
        static let status: LogKey = "status"
        static let microseconds: LogKey = "us"
        static let bytes: LogKey = "bytes"
        static let isBrokenOff: LogKey = "broken_off"
        static let address: LogKey = "address"
        static let user: LogKey = "user"
        static let trace: LogKey = "trace"
    }

    private let log: Log
    private let journal: RequestJournal
    private let durations: [Histogram]
    /// Per operation: status classes 1xx to 5xx.
    private let statuses: [[Counter]]
    /// Requests that reached no operation.
    private let unrouted: [Counter]

    init(operations: [Operation], registry: MetricRegistry, log: Log, journal: RequestJournal) {
        self.log = log
        self.journal = journal
        func counters(_ id: String) -> [Counter] {
            (1...5).map {
                registry.counter(
                    "atrium_http_requests_total", "Requests answered, by operation and class of status.",
                    ["operation": id, "status": "\($0)xx"], sparse: true)
            }
        }
        durations = operations.map {
            registry.histogram(
                "atrium_http_request_seconds", "From the last byte of the head to the answer, by operation.",
                ["operation": $0.id], sparse: true)
        }
        statuses = operations.map { counters($0.id) }
        unrouted = counters("none")
        journal.watch(
            zip(operations, zip(durations, statuses)).map {
                OperationMeter(operation: $0.id, durations: $1.0, statuses: $1.1)
            })
    }

    /// - Parameter isWhole: false when a streamed body has no end.
    func answered(_ call: Call, status: Int, bytes: Int, isWhole: Bool = true) {
        let loop = call.loop
        let took = EventLoop.monotonic() &- call.started
        durations[call.route.index].observe(nanoseconds: took, on: loop)
        statuses[call.route.index][statusClass(status)].add(on: loop)
        if took >= journal.threshold {
            journal.keep(
                SlowRequest(
                    at: .now, requestID: call.requestID, operation: call.route.operation.id, status: status,
                    milliseconds: Int(took / 1_000_000), userID: call.caller.userID))
        }
        log.record(.info, "request") { line in
            line.add(Key.id, call.requestID)
            line.add(Key.operation, call.route.operation.id)
            line.add(Key.status, status)
            line.add(Key.microseconds, Int(took / 1000))
            line.add(Key.bytes, bytes)
            if !isWhole { line.add(Key.isBrokenOff, .flag(true)) }
            line.add(Key.address, call.caller.address)
            if let user = call.caller.userID { line.add(Key.user, user.description) }
            if let trace = call.trace { line.add(Key.trace, trace.traceID) }
        }
    }

    func unrouted(_ exchange: Exchange, requestID: String, status: Int, address: String) {
        unrouted[statusClass(status)].add(on: exchange.loop)
        log.record(.info, "request refused") { line in
            line.add(Key.id, requestID)
            line.add(Key.status, status)
            line.add(Key.address, address)
        }
    }

    /// A fault: the cause goes into the log, the request id leads from the answer to it.
    func failed(_ call: Call, _ error: any Error) {
        log.error(
            "request failed",
            [
                "id": .text(call.requestID), "operation": .text(call.route.operation.id), "cause": .error(error),
            ])
    }

    private func statusClass(_ status: Int) -> Int { max(1, min(5, status / 100)) - 1 }
}
