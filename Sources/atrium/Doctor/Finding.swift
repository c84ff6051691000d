/// What a look at one thing has found.
struct Finding: Sendable, Equatable {
    enum Verdict: String, Sendable {
        case good = "ok"
        /// It works, and may not for long, or not for all.
        case doubtful = "look"
        /// `atrium serve` would not start, or not work.
        case bad = "bad"
    }

    let subject: String
    let verdict: Verdict
    let words: String

    static func good(_ subject: String, _ words: String) -> Finding { Finding(subject: subject, verdict: .good, words: words) }
    static func look(_ subject: String, _ words: String) -> Finding {
        Finding(subject: subject, verdict: .doubtful, words: words)
    }
    static func bad(_ subject: String, _ words: String) -> Finding { Finding(subject: subject, verdict: .bad, words: words) }
}
