import HTTP
import Runtime
import Service
import Telemetry

/// How a store is asked: within time limits, through a breaker, counted under its name, and again where it failed. Everything that
/// is asked of stores may be asked twice: keys are ours alone and their bytes never change.
struct StoreCalls: Sendable {
    /// What whoever is told 503 is told to wait.
    static let retrySeconds = 5
    /// Between the tries (0-platform, 5.7).
    static let pauses: [Duration] = [.milliseconds(500), .seconds(1), .seconds(2)]

    private let client: HTTPClient
    private let service: OutsideService
    private let pauses: [Duration]
    private let log: Log

    init(_ name: String, through parts: OutsideParts, pauses: [Duration] = pauses) {
        client = parts.client
        service = OutsideService(
            name, client: parts.client, timeLimit: parts.timeLimit, clock: parts.clock, metrics: parts.metrics)
        self.pauses = pauses
        log = parts.log.with(["service": .text(name)])
    }

    var isWell: Bool { service.state == .closed }

    /// A request with a short answer, of any status but those that mean that the store is out of order.
    ///
    /// - Parameter make: made anew for each try, since signatures have a time.
    func ask(_ make: () async throws -> ClientRequest) async throws -> StoreAnswer {
        try await fetch(make) { incoming in
            StoreAnswer(
                status: incoming.status, etag: incoming.field("etag"),
                text: String(decoding: try await incoming.collect(atMost: 1 << 20), as: UTF8.self))
        }
    }

    /// The same, lending the answer while it comes. Tried again until it has begun, and not after that.
    ///
    /// Throws `storage_unavailable`, or what `pass` throws.
    func fetch<T>(
        _ make: () async throws -> ClientRequest, _ pass: nonisolated(nonsending) (IncomingResponse) async throws -> T
    ) async throws -> T {
        var tries = 0
        while true {
            let request = try await make()
            var hasBegun = false
            do {
                return try await service.call(isFailure: { $0 is ClientError || $0 is StoreFailing }) {
                    try await client.stream(request) { incoming in
                        if incoming.status == 429 || incoming.status >= 500 { throw StoreFailing(status: incoming.status) }
                        hasBegun = true
                        return try await pass(incoming)
                    }
                }
            } catch let resting as OutsideUnavailable {
                throw FileProblem.storageUnavailable.retry(after: max(1, Int(resting.retryAfter.components.seconds)))
            } catch where !hasBegun && (error is ClientError || error is StoreFailing) {
                log.warning("a storage failed", ["error": .text("\(error)"), "try": LogValue(tries + 1)])
                guard tries < pauses.count else { throw FileProblem.storageUnavailable.retry(after: Self.retrySeconds) }
                try await pause(pauses[tries])
                tries += 1
            }
        }
    }

    /// Not the same for all whom one failure has hit.
    private func pause(_ time: Duration) async throws {
        guard time > .zero, let loop = EventLoop.current else { return }
        try await loop.sleep(for: time * Double.random(in: 0.9...1.1))
    }

    /// What to throw at an answer that its protocol does not promise: a mistake of the settings, or of the store. Only its code
    /// is told to the log: the rest may hold what we have signed.
    func refused(_ answer: StoreAnswer, code: String?) -> any Error {
        log.error("a storage refused", ["status": LogValue(answer.status), "code": .text(code ?? "")])
        return FileProblem.storageUnavailable.retry(after: Self.retrySeconds)
    }
}

/// A short answer of a store.
struct StoreAnswer: Sendable {
    let status: Int
    let etag: String?
    let text: String
}

/// 5xx, or 429.
struct StoreFailing: Error, CustomStringConvertible {
    let status: Int
    var description: String { "answered \(status)" }
}
