import Crypto
import Identity
import Postgres
import Service
import Values

/// The door to the values of settings that operators change while the program runs.
struct Configs: Sendable {
    let database: Database
    let state: SettingsState
    let ring: SealingRing
    let trail: SettingsTrail
    let clock: Clock

    private func rows(_ group: SettingGroup) -> [any SettingRow] { state.live.start.rows.filter { $0.group == group } }

    /// What is stored, read anew.
    func group(_ group: SettingGroup) async throws -> ConfigGroup {
        let settings = try state.live.changed(by: try await texts())
        return ConfigGroup(values: rows(group).map { ConfigView($0, in: settings) })
    }

    func change(_ group: SettingGroup, _ body: ConfigChange, by call: Call) async throws -> ConfigGroup {
        try check(body, group)
        let result = try await database.transaction { _ in
            _ = try await database.first(ConfigQueries.lock())
            try await call.caller.checkMatch()
            let before = try await texts()
            let wanted = body.values.filter { !($0.value ?? "").hasPrefix(ConfigView.mask) }
            var after = before
            for (key, text) in wanted { after[key] = text }
            let settings = try changed(to: after, naming: wanted)
            try await save(wanted, from: before, group, by: call)
            return ConfigGroup(values: rows(group).map { ConfigView($0, in: settings) })
        }
        await state.mirror.changed()
        return result
    }

    private func check(_ body: ConfigChange, _ group: SettingGroup) throws {
        let known = Set(rows(group).map(\.environment))
        let unknown = body.values.keys.filter { !known.contains($0) }.sorted()
        if unknown.isEmpty { return }
        throw InvalidInput(
            unknown.map { FieldError(field: "values.\($0)", code: "unknown_field", message: "is no setting of this group") })
    }

    /// The settings with those values in place. What is refused is named as the member that has it, or that it was
    /// refused beside.
    private func changed(to texts: [String: String], naming wanted: [String: String?]) throws -> Settings {
        do throws(SettingsError) {
            return try state.live.changed(by: texts)
        } catch {
            throw InvalidInput(
                error.problems.map { problem in
                    let isNamed = wanted.keys.contains(problem.name)
                    return FieldError(
                        field: isNamed ? "values.\(problem.name)" : "values", code: "setting",
                        message: isNamed ? problem.reason : "\(problem.name) \(problem.reason)")
                })
        }
    }

    private func save(
        _ wanted: [String: String?], from before: [String: String], _ group: SettingGroup, by call: Call
    ) async throws {
        let now = clock.now()
        var commands: [Command] = []
        var changes: [AuditChange?] = []
        for row in rows(group) {
            guard let text = wanted[row.environment], before[row.environment] != text else { continue }
            if let text {
                let entry = ConfigEntry.setting(row.environment, text, isSecret: row.isSecret, ring)
                commands.append(
                    ConfigQueries.save(
                        entry, category: group.rawValue, isPublic: row.isPublic, by: call.caller.userID, at: now))
            }
            let (old, new) = (before[row.environment], text)
            changes.append(
                row.isSecret
                    ? AuditChange(row.environment, .secret, .secret)
                    : AuditChange(row.environment, AuditValue(old), AuditValue(new)))
        }
        let gone = wanted.compactMap { $0.value == nil && before[$0.key] != nil ? $0.key : nil }
        if !gone.isEmpty { commands.append(ConfigQueries.delete(gone)) }
        if commands.isEmpty { return }
        try await database.write(commands)
        try await trail.record("settings_changed", "settings", group.rawValue, changes, by: call)
    }

    /// What is stored of settings that the program knows.
    private func texts() async throws -> [String: String] {
        let known = Set(state.live.start.rows.filter { $0.group != nil }.map(\.environment))
        var texts: [String: String] = [:]
        for entry in try await database.all(ConfigQueries.all()) where known.contains(entry.key) {
            texts[entry.key] = entry.text(ring)
        }
        return texts
    }
}
