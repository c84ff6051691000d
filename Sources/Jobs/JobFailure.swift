import Postgres

/// What is kept of an error beside the job: enough to find the cause in the log, without values that may be secret.
enum JobFailure {
    static let longest = 500
    static let leaseLapsed = "lease lapsed"
    static let tookTooLong = "took longer than its time limit"
    static let cancelled = "cancelled"

    static func reason(_ error: any Error) -> String {
        switch error {
        // The message and the detail of a violated constraint quote the row.
        case let error as DatabaseError:
            "database \(error.state)" + (error.constraint.map { " \($0)" } ?? "")
        case JobVerdict.giveUp(let reason): shortened(reason)
        default: shortened(String(describing: error))
        }
    }

    private static func shortened(_ text: String) -> String { String(text.unicodeScalars.prefix(longest)) }
}
