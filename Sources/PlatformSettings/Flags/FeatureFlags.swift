import Service
import Synchronization
import Values

/// Which flags are on, from memory.
package final class FeatureFlags: Sendable {
    private let environment: Deployment
    private let flags = Mutex<[FeatureFlag]>([])

    init(environment: Deployment) { self.environment = environment }

    /// False for a flag that there is not.
    package func isOn(_ key: String, for user: UUID?) -> Bool {
        flags.withLock { $0.first { $0.key == key } }?.isOn(for: user, in: environment) ?? false
    }

    /// All that are of one of the categories, or, with nil, of any.
    func all(for user: UUID?, where isWanted: (_ category: String) -> Bool) -> [String: Bool] {
        let flags = flags.withLock { $0 }.filter { isWanted($0.category) }
        return Dictionary(flags.map { ($0.key, $0.isOn(for: user, in: environment)) }) { $1 }
    }

    func take(_ stored: [FeatureFlag]) { flags.withLock { $0 = stored } }
}
