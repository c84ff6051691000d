import Service

/// Reading and changing the settings of a group.
struct ConfigOperations {
    let configs: Configs

    var all: [Operation] { groups.flatMap(group) }

    /// Providers of payments have operations of their own.
    private var groups: [SettingGroup] {
        SettingGroup.allCases.filter { $0 != .payments && !configs.state.live.start.rows(in: $0).isEmpty }
    }

    private func group(_ group: SettingGroup) -> [Operation] {
        let path = "/api/v1/admin/settings/\(group.rawValue)"
        let name = group.rawValue.prefix(1).uppercased() + group.rawValue.dropFirst()
        return [
            Operation.get(
                path, "get\(name)Settings", "The settings of this group, as they hold now", tag: SettingsTag.name,
                who: .permission("settings:read"), answer: ConfigGroup.self
            ) { [configs] call in
                try call.caller.requirePlatform("settings:read")
                return try await configs.group(group)
            }.uncompressed(),
            Operation.patch(
                path, "change\(name)Settings", "Change settings; they act on every instance within a second",
                tag: SettingsTag.name, who: .permission("settings:manage"), body: ConfigChange.self,
                answer: ConfigGroup.self
            ) { [configs] call, body in
                try call.caller.requirePlatform("settings:manage")
                return try await configs.change(group, body, by: call)
            }.uncompressed(),
        ]
    }
}

/// The heading in the documentation.
enum SettingsTag {
    static let name = "Settings"
}

extension Settings {
    /// Those that operators change there.
    func rows(in group: SettingGroup) -> [any SettingRow] { rows.filter { $0.group == group } }
}
