/// How long to leave a database alone that does not answer: 50 ms doubling up to 2 s, each time cut by a random part
/// so that processes do not come back in step.
struct Backoff {
    private static let first: UInt64 = 50_000_000
    private static let longest: UInt64 = 2_000_000_000

    private(set) var failures = 0
    /// Monotonic nanoseconds before which no attempt is made.
    private(set) var until: UInt64 = 0

    mutating func failed(at now: UInt64) {
        let delay = min(Backoff.longest, Backoff.first << UInt64(min(failures, 10)))
        until = now &+ UInt64.random(in: delay / 2...delay)
        failures += 1
    }

    mutating func succeeded() {
        failures = 0
        until = 0
    }
}
