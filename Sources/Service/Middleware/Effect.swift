import Postgres
import Values

/// What a POST does that asks somebody outside. Under one Idempotency-Key it is the same in every repetition, also after a
/// crash, so that what was begun under its id is found and gone on with.
package struct Effect: Row {
    package let id: UUID
    /// It may have been begun already: the request that did was interrupted before its answer was kept.
    package let isContinued: Bool

    package init(id: UUID, isContinued: Bool) {
        self.id = id
        self.isContinued = isContinued
    }

    package init(_ row: inout RowReader) throws {
        id = try row.next()
        isContinued = try row.next()
    }
}
