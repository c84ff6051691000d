import Service
import Values

/// Receipts are numbered without gaps per scope and month: `REC-<scope code>-<YYYYMM>-<6 digits>`.
struct ReceiptSeries: Equatable {
    /// `REC-9F3A7C21`
    let name: String
    /// `202611`
    let month: String

    /// The code of a scope is the last eight digits of its id, which are random.
    init(scope: Scope, at instant: Instant) {
        let code = scope.id.map { String($0.description.suffix(8)).uppercased() } ?? "PLATFORM"
        name = "REC-\(code)"
        month = Self.month(of: instant)
    }

    static func month(of instant: Instant) -> String {
        let digits = instant.day.period.description
        return String(digits.prefix(4) + digits.suffix(2))
    }

    var prefix: String { "\(name)-\(month)-" }
}
