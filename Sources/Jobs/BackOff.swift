/// How long a job waits before it is tried again: doubling, capped, and spread so that what failed together does not come
/// back together.
package struct BackOff: Sendable {
    static let longest = Duration.seconds(3600)

    let first: Duration

    /// - Parameters:
    ///   - attempts: tries made so far, at least one.
    ///   - spread: from −0.1 to 0.1.
    func delay(after attempts: Int, spread: Double = .random(in: -0.1...0.1)) -> Duration {
        let doublings = min(max(attempts - 1, 0), 30)
        return min(first * (1 << doublings), Self.longest) * (1 + spread)
    }
}
