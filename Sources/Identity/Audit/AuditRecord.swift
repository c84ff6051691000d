import JSON
import Postgres
import Service
import Values

/// A row of the trail.
package struct AuditRecord: Sendable {
    package let id: ID<AuditRecord>
    package let at: Instant
    package let actorID: UUID?
    package let actorKind: AuditActor.Kind
    package let actorName: String
    package let product: String?
    package let scopeType: String?
    package let scopeID: UUID?
    package let action: String
    package let objectType: String
    package let objectID: String?
    package let oldValues: JSONText?
    package let newValues: JSONText?
    package let details: JSONText
    package let address: String?
    package let client: String?
    package let requestID: String?
}

extension AuditRecord: Row {
    package init(_ row: inout RowReader) throws {
        id = try row.next()
        at = try row.next()
        actorID = try row.next()
        actorKind = try row.next()
        actorName = try row.next()
        product = try row.next()
        scopeType = try row.next()
        scopeID = try row.next()
        action = try row.next()
        objectType = try row.next()
        objectID = try row.next()
        oldValues = try row.next()
        newValues = try row.next()
        details = try row.next()
        address = try row.next()
        client = try row.next()
        requestID = try row.next()
    }
}

/// Who did most.
struct AuditActorCount: Row {
    let id: UUID
    let name: String
    let count: Int

    init(_ row: inout RowReader) throws {
        id = try row.next()
        name = try row.next()
        count = try row.next()
    }
}

/// What was done most.
struct AuditActionCount: Row {
    let action: String
    let count: Int

    init(_ row: inout RowReader) throws {
        action = try row.next()
        count = try row.next()
    }
}

/// How much was done on a day (UTC).
struct AuditDayCount: Row {
    let day: Day
    let count: Int

    init(_ row: inout RowReader) throws {
        day = try row.next()
        count = try row.next()
    }
}
