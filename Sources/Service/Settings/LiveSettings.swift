import Synchronization

/// The settings as they hold now: those that the process was started with, and what operators have set since for the rows
/// that may be changed while it runs.
package final class LiveSettings: Sendable {
    /// What environment, file and defaults say.
    package let start: Settings
    private let current: Mutex<Settings>
    private let watchers = Mutex<[(group: SettingGroup, act: @Sendable (Settings) -> Void)]>([])

    package init(_ start: Settings) {
        self.start = start
        current = Mutex(start)
    }

    /// Calls `act` whenever a setting of the group has become another: for what is made of settings and kept.
    package func watch(_ group: SettingGroup, _ act: @escaping @Sendable (Settings) -> Void) {
        watchers.withLock { $0.append((group, act)) }
    }

    package var settings: Settings { current.withLock { $0 } }

    /// What would hold then.
    package func changed(by texts: [String: String]) throws(SettingsError) -> Settings { try start.changed(by: texts) }

    package subscript<Value>(_ setting: Setting<Value>) -> Value { settings[setting] }

    /// Takes what operators have set, by the rows' names, in place of what they had set before. Refused, alone or beside
    /// the others, it changes nothing.
    package func change(to texts: [String: String]) throws(SettingsError) {
        let changed = try changed(by: texts)
        let before = current.withLock { current in
            defer { current = changed }
            return current
        }
        for watcher in watchers.withLock({ $0 }) {
            let isOther = changed.rows.contains { row in
                row.group == watcher.group && changed.text(of: row) != before.text(of: row)
            }
            if isOther { watcher.act(changed) }
        }
    }
}
