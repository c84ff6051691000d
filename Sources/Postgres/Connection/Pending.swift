import CPostgres
import Glibc

/// A statement on its way: what is sent, who waits, and what came back. Confined to its loop.
///
/// Several linked by `next` are sent as one group with one sync: a transaction of their own. The first of a group
/// carries the group's waiting task and its outcome.
final class Pending: Waiting, @unchecked Sendable {
    let draft: StatementDraft
    let text: StatementText
    /// The statement after it in its group.
    var next: Pending?
    private(set) var result: OpaquePointer?
    /// How often it has been sent again.
    var retries = 0
    /// Was not run, because a statement before it in its batch failed.
    var isAborted = false
    /// Has to be sent alone: a neighbour's failure has cost it one attempt.
    var standsAlone = false
    /// Ends a transaction, or is one: when the connection breaks now, nobody knows whether it took place.
    var isCommit = false

    init(_ draft: StatementDraft, _ text: StatementText) {
        self.draft = draft
        self.text = text
    }

    deinit { PQclear(result) }

    /// Takes over a result of libpq.
    func take(_ newResult: OpaquePointer) {
        PQclear(result)
        result = newResult
    }

    /// Forgets what came back, of itself and the rest of its group, before it is sent again.
    func forgetOutcome() {
        var statement: Pending? = self
        while let one = statement {
            PQclear(one.result)
            one.result = nil
            one.error = nil
            one.isAborted = false
            statement = one.next
        }
    }

    // MARK: Reading the outcome

    /// The rows, decoded from libpq's memory.
    func rows<Output: Row>() throws -> [Output] {
        guard let result else { return [] }
        let count = PQntuples(result), columns = PQnfields(result)
        var rows: [Output] = []
        rows.reserveCapacity(Int(count))
        for index in 0..<count {
            var reader = RowReader(result: result, row: index, columnCount: columns)
            rows.append(try Output(&reader))
        }
        return rows
    }

    /// One row by its number, which exists.
    func row<Output: Row>(_ index: Int32, as type: Output.Type) throws -> Output {
        var reader = RowReader(result: result!, row: index, columnCount: PQnfields(result))
        return try Output(&reader)
    }

    /// One row by its number, which exists, without its first columns.
    func row<Output: Row>(_ index: Int32, after skipped: Int32) throws -> Output {
        var reader = RowReader(result: result!, row: index, columnCount: PQnfields(result), from: skipped)
        return try Output(&reader)
    }

    /// The first row, if there is one.
    func first<Output: Row>() throws -> Output? {
        guard let result, PQntuples(result) > 0 else { return nil }
        var reader = RowReader(result: result, row: 0, columnCount: PQnfields(result))
        return try Output(&reader)
    }

    /// The number of rows that a command touched.
    var affected: Int {
        guard let result, let text = PQcmdTuples(result) else { return 0 }
        return Int(atoll(text))
    }

    var rowCount: Int { result.map { Int(PQntuples($0)) } ?? 0 }
}
