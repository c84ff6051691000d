import CPostgres

extension DatabaseError {
    /// What PostgreSQL said in an error result (libpq, PQresultErrorField).
    init(result: OpaquePointer) {
        func field(_ code: Character) -> String? {
            PQresultErrorField(result, Int32(code.asciiValue!)).map { String(cString: $0) }
        }
        self.init(
            SQLState(rawValue: field("C") ?? "08006"),
            field("M") ?? PQresultErrorMessage(result).map { String(cString: $0) } ?? "no message")
        detail = field("D")
        schema = field("s")
        table = field("t")
        column = field("c")
        constraint = field("n")
    }

    /// libpq's words in one line: it breaks them, and begins its advice with a tab.
    static func oneLine(_ words: String) -> String {
        words.split { $0.isNewline || $0 == "\t" }.joined(separator: "; ")
    }

    /// The server is going away, or cannot be spoken to yet (57P01, 57P02, 57P03): the connection is as good as lost.
    var endsConnection: Bool { [.adminShutdown, .crashShutdown, .cannotConnectNow].contains(state) }

    /// A prepared statement has to be made anew: a table has changed under its plan, or it is not there.
    var asksForPreparing: Bool {
        state == .invalidStatementName
            || state == .featureNotSupported && message.hasPrefix("cached plan must not change")
    }
}
