import JSON
import Postgres
import Values

/// One message to one endpoint, attempt after attempt under one id.
package struct Delivery: Sendable {
    enum Status: String, WireEnum { case pending, delivered, failed }

    let id: ID<Delivery>
    let createdAt: Instant
    var updatedAt: Instant
    let endpoint: ID<Endpoint>
    let messageID: UUID
    let event: String
    let body: String
    /// Attempts made.
    var attempt: Int
    var status: Status
    var responseStatus: Int?
    var error: String?
    var nextAttemptAt: Instant?

    /// 0-platform 5.3: the waits before each attempt, the first of them none.
    static let waits: [Duration] = [
        .zero, .seconds(5), .minutes(5), .minutes(30), .hours(2), .hours(5), .hours(10), .hours(14), .hours(20), .hours(24),
    ]

    static func new(_ event: String, _ body: String, to endpoint: ID<Endpoint>, at now: Instant) -> Delivery {
        Delivery(
            id: .new(), createdAt: now, updatedAt: now, endpoint: endpoint, messageID: .v7(), event: event, body: body,
            attempt: 0, status: .pending, responseStatus: nil, error: nil, nextAttemptAt: now)
    }

    /// `webhook-id`, the same for every attempt.
    var message: String { "msg_\(messageID)" }

    mutating func take(_ outcome: DeliveryOutcome, at now: Instant) {
        attempt += 1
        updatedAt = now
        responseStatus = outcome.status
        error = outcome.error
        nextAttemptAt = nil
        if outcome.isSuccess {
            status = .delivered
        } else if !outcome.isGone, attempt < Self.waits.count {
            nextAttemptAt = now + Self.waits[attempt]
        } else {
            status = .failed
        }
    }

    /// No further attempt is made.
    mutating func giveUp(_ reason: String, at now: Instant) {
        (status, error, nextAttemptAt, updatedAt) = (.failed, reason, nil, now)
    }

    /// Everything from the beginning, under the same id.
    mutating func begin(at now: Instant) {
        (status, attempt, nextAttemptAt, updatedAt) = (.pending, 0, now, now)
    }
}

/// What became of one attempt.
struct DeliveryOutcome: Sendable, Equatable {
    let status: Int?
    let error: String?

    var isSuccess: Bool { status.map { (200..<300).contains($0) } ?? false }
    /// The endpoint wants nothing any more (RFC 9110, 15.5.11).
    var isGone: Bool { status == 410 }

    static func answered(_ status: Int) -> DeliveryOutcome {
        DeliveryOutcome(status: status, error: (200..<300).contains(status) ? nil : "answered \(status)")
    }

    static func failed(_ reason: String) -> DeliveryOutcome {
        DeliveryOutcome(status: nil, error: String(reason.unicodeScalars.prefix(500)))
    }
}

extension Delivery: Row {
    package init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        endpoint = try row.next()
        messageID = try row.next()
        event = try row.next()
        body = try row.next()
        attempt = try row.next()
        status = try row.next()
        responseStatus = try row.next()
        error = try row.next()
        nextAttemptAt = try row.next()
    }
}
