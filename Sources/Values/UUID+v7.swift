extension UUID {
    /// A new version 7 identifier, greater than every one this process made before.
    package static func v7() -> UUID {
        clock.next(at: Instant.now, random: UInt64.random(in: .min ... .max))
    }

    private static let clock = UUIDClock()
}
