/// The five characters by which PostgreSQL classifies an outcome (manual, appendix A).
package struct SQLState: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
    package init(stringLiteral value: String) { rawValue = value }

    package var description: String { rawValue }
    /// The first two characters.
    package var category: Substring { rawValue.prefix(2) }

    package static let connectionFailure: SQLState = "08006"
    package static let featureNotSupported: SQLState = "0A000"
    package static let characterNotInRepertoire: SQLState = "22021"
    package static let foreignKeyViolation: SQLState = "23503"
    package static let notNullViolation: SQLState = "23502"
    package static let uniqueViolation: SQLState = "23505"
    package static let checkViolation: SQLState = "23514"
    package static let exclusionViolation: SQLState = "23P01"
    package static let readOnlyTransaction: SQLState = "25006"
    package static let inFailedTransaction: SQLState = "25P02"
    package static let invalidStatementName: SQLState = "26000"
    package static let serializationFailure: SQLState = "40001"
    package static let deadlockDetected: SQLState = "40P01"
    package static let undefinedTable: SQLState = "42P01"
    package static let insufficientResources: SQLState = "53000"
    package static let tooManyConnections: SQLState = "53300"
    package static let lockNotAvailable: SQLState = "55P03"
    package static let queryCanceled: SQLState = "57014"
    package static let adminShutdown: SQLState = "57P01"
    package static let crashShutdown: SQLState = "57P02"
    package static let cannotConnectNow: SQLState = "57P03"
    package static let idleInTransactionTimeout: SQLState = "25P03"
}
