/// Why a statement, a transaction or a connection failed.
package struct DatabaseError: Error, Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// PostgreSQL refused the statement; `state` says why.
        case refused
        /// The connection broke. `outcomeUnknown`: a write had been sent and may or may not have happened; otherwise
        /// nothing has happened.
        case connectionLost(outcomeUnknown: Bool)
        /// No connection could be made within the time a caller waits.
        case unavailable
        /// Too many wait already, or the wait was too long although the database answers.
        case overloaded
    }

    package let kind: Kind
    package let state: SQLState
    /// For the log; never for a client.
    package let message: String
    package var detail: String?
    package var schema: String?
    package var table: String?
    package var column: String?
    package var constraint: String?
    /// The text of the statement, for the log.
    package var statement: String?

    package init(_ state: SQLState, _ message: String, kind: Kind = .refused) {
        self.kind = kind
        self.state = state
        self.message = message
    }

    package static func connectionLost(outcomeUnknown: Bool, _ message: String = "connection lost") -> DatabaseError {
        DatabaseError(.connectionFailure, message, kind: .connectionLost(outcomeUnknown: outcomeUnknown))
    }

    package static func unavailable(_ message: String) -> DatabaseError {
        DatabaseError(.connectionFailure, message, kind: .unavailable)
    }

    package static func overloaded(_ message: String) -> DatabaseError {
        DatabaseError(.insufficientResources, message, kind: .overloaded)
    }

    // MARK: Questions

    /// A unique, foreign key, check or exclusion constraint of this name (or any) was violated.
    package func violates(_ constraint: String) -> Bool { state.category == "23" && self.constraint == constraint }

    package var isUniqueViolation: Bool { state == .uniqueViolation }
    package var isForeignKeyViolation: Bool { state == .foreignKeyViolation }
    package var isExclusionViolation: Bool { state == .exclusionViolation }

    /// The whole transaction may simply be run again.
    package var isTransient: Bool { state == .serializationFailure || state == .deadlockDetected }

    /// To be answered with 503 and `Retry-After`: nothing is wrong with the request.
    package var isOutage: Bool {
        switch kind {
        case .connectionLost, .unavailable, .overloaded: true
        case .refused: state.category == "53" || state.category == "57" || state == .lockNotAvailable
        }
    }
}

extension DatabaseError: CustomStringConvertible {
    /// Without the detail of a violated constraint: it quotes the row, which may hold what no log may (manual, 20.8
    /// `log_error_verbosity`: "Failing row contains").
    package var description: String {
        var text = "\(state): \(message)"
        if let detail, state.category != "23" { text += " (\(detail))" }
        if let constraint { text += " [\(constraint)]" }
        return text
    }
}
