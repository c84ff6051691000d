import Values

/// When the provider is asked again about an open payment: 30 s after it was made, then after 1, 2, 4, 8 minutes, at the
/// end of its lifetime, and hourly for a day while the outcome is unknown (0-platform, 4.5).
enum PaymentCheck {
    static let first = Duration.seconds(30)

    /// - Parameter checks: how often it has been asked, this time included.
    /// - Returns: nil when it is not asked by itself any more.
    static func next(after checks: Int, status: PaymentStatus, expiresAt: Instant, now: Instant) -> Instant? {
        guard status.isOpen else { return nil }
        if now < expiresAt {
            let minutes = min(1 << min(checks - 1, 3), 8)
            return checks > 4 ? expiresAt : min(now + .seconds(60 * max(minutes, 1)), expiresAt)
        }
        return now < expiresAt + patience ? now + .seconds(3600) : nil
    }

    /// The same where nobody could be asked, or gave no answer: soon again, and not for ever either.
    static func nextWithoutAnswer(expiresAt: Instant, now: Instant) -> Instant? {
        now < expiresAt + patience ? now + .minutes(5) : nil
    }

    /// How long after its time an outcome is asked for.
    private static let patience = Duration.hours(24)
}
