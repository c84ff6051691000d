/// Runs a row's initialiser without a row, to learn which Swift type it asks for in each column.
package final class RowProbe {
    /// What was asked of one column.
    package struct Column: Sendable {
        package let swiftType: String
        /// The types of PostgreSQL that the Swift type is read from; nil: passed over, anything will do.
        package let types: [PostgresType]?
        package let isOptional: Bool
        /// The texts that an enumeration knows; nil: not an enumeration.
        package let cases: [String]?
    }

    package private(set) var columns: [Column] = []

    private init() {}

    /// The columns that `Output` reads, in order. What its initialiser checks beyond types is passed over.
    package static func columns<Output: Row>(of output: Output.Type) -> [Column] {
        let probe = RowProbe()
        var reader = RowReader(probe: probe)
        _ = try? Output(&reader)
        return probe.columns
    }

    func note<T: PostgresDecodable>(_ type: T.Type, optional: Bool) -> T {
        columns.append(Column(swiftType: "\(T.self)", types: T.columnTypes, isOptional: optional, cases: nil))
        return T.specimen
    }

    func note<E: RawRepresentable & CaseIterable>(_ type: E.Type, optional: Bool) -> E where E.RawValue == String {
        let cases = E.allCases.map(\.rawValue)
        columns.append(
            Column(swiftType: "\(E.self)", types: String.columnTypes, isOptional: optional, cases: cases))
        guard let first = E.allCases.first else { preconditionFailure("\(E.self) has no case") }
        return first
    }

    func noteSkipped() {
        columns.append(Column(swiftType: "(skipped)", types: nil, isOptional: true, cases: nil))
    }
}
