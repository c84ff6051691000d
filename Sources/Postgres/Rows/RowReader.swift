import CPostgres
import JSON

/// Reads one row of a result, column after column, straight from libpq's memory.
package struct RowReader {
    private let result: OpaquePointer?
    private let row: Int32
    private let columnCount: Int32
    private var column: Int32
    private let probe: RowProbe?

    /// - Parameter column: the first that is read.
    init(result: OpaquePointer, row: Int32, columnCount: Int32, from column: Int32 = 0) {
        self.column = column
        self.result = result
        self.row = row
        self.columnCount = columnCount
        probe = nil
    }

    /// Reads nothing: notes which types are asked for, and answers a specimen of each.
    init(probe: RowProbe) {
        result = nil
        column = 0
        row = 0
        columnCount = .max
        self.probe = probe
    }

    /// The next column, which is never null.
    @_disfavoredOverload package mutating func next<T: PostgresDecodable>() throws -> T { try read() }

    /// The next column, or nil when it is null.
    @_disfavoredOverload package mutating func next<T: PostgresDecodable>() throws -> T? { try read() }

    mutating func read<T: PostgresDecodable>() throws -> T {
        if let probe { return probe.note(T.self, optional: false) }
        guard let cell = try cell() else { throw failure("is null, \(T.self) is not optional") }
        guard let value = T(cell: cell) else { throw failure("is no \(T.self)") }
        return value
    }

    mutating func read<T: PostgresDecodable>() throws -> T? {
        if let probe { return probe.note(T.self, optional: true) }
        guard let cell = try cell() else { return nil }
        guard let value = T(cell: cell) else { throw failure("is no \(T.self)") }
        return value
    }

    /// The next column, the text of a case.
    package mutating func next<E: RawRepresentable & CaseIterable>() throws -> E where E.RawValue == String {
        if let probe { return probe.note(E.self, optional: false) }
        let text: String = try next()
        guard let value = E(rawValue: text) else { throw failure("is no case of \(E.self)") }
        return value
    }

    /// The next column, the text of a case or null.
    package mutating func next<E: RawRepresentable & CaseIterable>() throws -> E? where E.RawValue == String {
        if let probe { return probe.note(E.self, optional: true) }
        let text: String? = try next()
        guard let text else { return nil }
        guard let value = E(rawValue: text) else { throw failure("is no case of \(E.self)") }
        return value
    }

    /// The next column, a JSON document that we wrote, as the value that it holds. One that holds something else is a fault of
    /// the row, never taken for nothing.
    ///
    /// - Parameter specimen: what goes on where types are noted and nothing is read.
    package mutating func document<T: JSONReadable>(_ specimen: @autoclosure () -> T) throws -> T {
        let text: JSONText = try next()
        if probe != nil { return specimen() }
        do { return try T.decode(json: text.bytes) } catch { throw failure("holds no \(T.self): \(error)") }
    }

    /// The same of a column that may be null.
    package mutating func documentIfAny<T: JSONReadable>() throws -> T? {
        let text: JSONText? = try next()
        guard probe == nil, let text else { return nil }
        do { return try T.decode(json: text.bytes) } catch { throw failure("holds no \(T.self): \(error)") }
    }

    /// Passes over a column.
    package mutating func skip() {
        probe?.noteSkipped()
        column &+= 1
    }

    private mutating func cell() throws -> Cell? {
        guard column < columnCount, let result else { throw failure("is beyond the last of \(columnCount) columns") }
        let index = column
        column &+= 1
        guard let value = PQgetvalue(result, row, index) else { throw failure("cannot be read") }
        let length = Int(PQgetlength(result, row, index))
        // An empty text and null have the same length; only then is the second question asked.
        if length == 0, PQgetisnull(result, row, index) != 0 { return nil }
        return Cell(start: UnsafeRawPointer(value).assumingMemoryBound(to: UInt8.self), count: length)
    }

    private func failure(_ reason: String) -> RowError {
        let name = result.flatMap { PQfname($0, column &- 1) }.map { String(cString: $0) } ?? "?"
        return RowError(column: Int(column), name: name, reason: reason)
    }
}
