import Identity
import Notifications
import Postgres
import Service
import Telemetry
import Values

/// The nightly look at what the board keeps twice (spec 5.9, ledger-audit): nothing is repaired silently, administrators are
/// told.
struct Inspection: Sendable {
    let database: Database
    let notifications: Notifications

    /// How many differences are named in the log of a night; their number is told in full.
    private static let named = 100

    /// - Returns: how many differences there are.
    @discardableResult
    func run(_ log: Log, on day: Day) async throws -> Int {
        var found: [Discrepancy] = []
        for look in InspectionQueries.looks { found += try await database.all(look) }
        for difference in found.prefix(Self.named) {
            log.error(
                "the board's books do not agree",
                ["kind": .text(difference.kind.rawValue), "of": .text(difference.subject), "kept": .text(difference.kept), "counted": .text(difference.counted)])
        }
        if !found.isEmpty { try await tell(found, on: day) }
        return found.count
    }

    private func tell(_ found: [Discrepancy], on day: Day) async throws {
        let kinds = Dictionary(grouping: found, by: \.kind).map { "\($0.rawValue): \($1.count)" }.sorted()
        for admin in try await database.all(InspectionQueries.admins) {
            try await notifications.send(
                Notice(
                    .system, subject: "The board's books do not agree",
                    body: "Found in the night of \(day): \(kinds.joined(separator: ", ")). The log names them; nothing was changed.",
                    priority: .high, dedupeKey: "urgent-inspection:\(day):\(admin.id)"),
                to: .user(admin.id, email: admin.email))
        }
    }
}

/// Two things that should be the same and are not.
struct Discrepancy: Row, Sendable {
    enum Kind: String, CaseIterable, Sendable {
        /// An order's takes, as it tells them and as they are.
        case takes
        /// Whether a take is noted as done, and its order.
        case done
        /// What a take cost or gave back, and what the ledger says of it.
        case charge
        /// An executor's rating and his reviews.
        case rating
        /// A wallet and its entries.
        case balance
    }

    let kind: Kind
    let subject: String
    let kept: String
    let counted: String

    init(_ row: inout RowReader) throws {
        kind = try row.next()
        subject = try row.next()
        kept = try row.next()
        counted = try row.next()
    }
}

/// Somebody who is told.
struct InspectionReader: Row, Sendable {
    let id: UUID
    let email: String?

    init(_ row: inout RowReader) throws {
        id = try row.next()
        email = try row.next()
    }
}
