import HTTP
import JSON
import Postgres
import Telemetry
import Values

/// An outside service that is asked by HTTP: its address, our credentials, and what its answers mean; never while a transaction
/// waits. What it answers with 2xx, 3xx or another 4xx than those of `OutsideFailure` is an answer.
package struct OutsideHTTP: Sendable {
    private let service: OutsideService
    private let database: Database
    private let log: Log
    private let base: String
    private let fields: [(name: String, value: String)]

    /// - Parameters:
    ///   - name: of a fixed set; it is a metric's label.
    ///   - base: scheme, host and path without a slash at its end.
    ///   - fields: sent with every request: credentials, version.
    package init(
        _ name: String, base: String, fields: [(name: String, value: String)] = [], through parts: OutsideParts
    ) {
        self.base = base
        self.fields = fields
        database = parts.database
        log = parts.log.with(["service": .text(name)])
        service = OutsideService(
            name, client: parts.client, timeLimit: parts.timeLimit, clock: parts.clock, metrics: parts.metrics)
    }

    /// Throws `OutsideFailure`, `resting` without a try while the service is left alone, and `AskedInTransaction`.
    ///
    /// - Parameter path: with its query, already encoded.
    package func send(
        _ method: Method, _ path: String, fields more: [(name: String, value: String)] = [], body: OutsideBody = .none
    ) async throws -> ClientResponse {
        if database.isInTransaction { throw AskedInTransaction() }
        guard let url = ClientURL(base + path) else { throw OutsideFailure.unreachable("no address") }
        let request = ClientRequest(
            method, url, fields: fields + more + body.fields, body: body.bytes, largestAnswer: 1 << 20)
        do {
            return try await service.call(isFailure: { $0 is OutsideFailure }) { try await answer(request) }
        } catch is OutsideUnavailable {
            throw OutsideFailure.resting
        } catch let failure as OutsideFailure {
            log.warning("an outside service failed", ["error": .text(failure.description)])
            if service.state == .open { log.error("an outside service is left alone for a minute") }
            throw failure
        }
    }

    private func answer(_ request: ClientRequest) async throws -> ClientResponse {
        let response: ClientResponse
        do { response = try await service.answer(request) } catch let error as ClientError { throw OutsideFailure(error) }
        switch response.status {
        case 401, 403: throw OutsideFailure.rejectingUs(response.status)
        case 429, 500...: throw OutsideFailure.failing(response.status)
        default: return response
        }
    }
}

/// What asking outside takes, the same for all services.
package struct OutsideParts: Sendable {
    package let client: HTTPClient
    package let database: Database
    package let clock: Clock
    package let metrics: MetricRegistry
    package let log: Log
    /// From the call to the last byte.
    package let timeLimit: Duration

    package init(
        client: HTTPClient, database: Database, clock: Clock = .system, metrics: MetricRegistry, log: Log,
        timeLimit: Duration = .seconds(15)
    ) {
        self.client = client
        self.database = database
        self.clock = clock
        self.metrics = metrics
        self.log = log
        self.timeLimit = timeLimit
    }
}

/// What is sent.
package enum OutsideBody: Sendable {
    case none
    case json(JSONValue)
    /// `application/x-www-form-urlencoded`, in this order.
    case form([(name: String, value: String)])

    var fields: [(name: String, value: String)] {
        switch self {
        case .none: []
        case .json: [("Content-Type", "application/json")]
        case .form: [("Content-Type", "application/x-www-form-urlencoded")]
        }
    }

    var bytes: [UInt8] {
        switch self {
        case .none: []
        case .json(let value): value.jsonBytes
        case .form(let members): Array(PercentEncoding.form(members).utf8)
        }
    }
}
