import Crypto
import Postgres
import Service
import Telemetry

/// What operators have set, in memory, as every instance keeps it: read at the start and whenever the database tells of a
/// change, which it does on the channel `settings`.
package final class SettingsState: Sendable {
    static let channel = "settings"

    package let live: LiveSettings
    package let flags: FeatureFlags
    let mirror: Mirror
    private let database: Database

    /// - Parameters:
    ///   - board: where rules are published that every request obeys.
    ///   - ring: opens what is stored sealed.
    package init(database: Database, live: LiveSettings, board: RuleBoard, ring: SealingRing, log: Log) {
        self.database = database
        self.live = live
        let flags = FeatureFlags(environment: live.start[GeneralSettings.environment])
        self.flags = flags
        mirror = Mirror("settings", of: database, log: log) {
            let configs = try await database.all(ConfigQueries.all())
            let stored = try await database.all(FlagQueries.all())
            let limits = try await database.all(LimitQueries.active())
            let networks = try await database.all(AddressQueries.all())
            return {
                Self.take(configs, ring, live, log)
                flags.take(stored)
                let maintenance = configs.first { $0.key == MaintenanceSwitch.key }.flatMap { MaintenanceSwitch($0.value) }
                board.publish(
                    HouseRules(
                        defaultLimit: live.settings.defaultRateLimit,
                        limits: live.settings[ServerSettings.rateLimitEnabled] ? limits.map(\.rule) : [],
                        addresses: AddressEntry.rules(networks), maintenance: maintenance?.rule))
            }
        }
    }

    /// Reads everything once, and whenever something changes from then on.
    func start() async throws {
        try await mirror.reload()
        database.listen(
            Self.channel,
            // What was changed before notifications arrive is told by nobody.
            hears: { [mirror] hears in if hears { mirror.refresh() } }
        ) { [mirror] _ in mirror.refresh() }
    }

    /// A value that the program refuses by now (another version has stored it) is left out, with an alarm; the others hold.
    private static func take(_ configs: [ConfigEntry], _ ring: SealingRing, _ live: LiveSettings, _ log: Log) {
        let known = Set(live.start.rows.map(\.environment))
        var texts: [String: String] = [:]
        for config in configs where known.contains(config.key) { texts[config.key] = config.text(ring) }
        while true {
            do throws(SettingsError) {
                return try live.change(to: texts)
            } catch {
                log.error("a stored setting is refused", ["reason": .text(error.description)])
                let before = texts.count
                for problem in error.problems { texts[problem.name] = nil }
                if texts.count == before { texts = [:] }
                if before == 0 { return }
            }
        }
    }
}
