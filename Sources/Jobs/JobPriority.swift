/// What is taken before what, within a queue.
package enum JobPriority: Int, Sendable, CaseIterable, Comparable {
    /// One-time codes, emergencies.
    case critical = 1
    /// Confirmations of payments, reminders.
    case high = 2
    case normal = 3
    /// Reports, statistics.
    case low = 4

    package static func < (left: JobPriority, right: JobPriority) -> Bool { left.rawValue < right.rawValue }

    /// Tries of a job of normal priority, unless the settings have another number.
    package static let normalAttempts = 3

    /// How often a job is tried unless its kind says otherwise.
    func attempts(normal: Int) -> Int {
        switch self {
        case .critical: 5
        case .high: 4
        case .normal: normal
        case .low: 2
        }
    }

    /// The wait before the second try unless the kind says otherwise.
    var backOff: Duration { self == .critical ? .seconds(1) : .seconds(2) }
}
