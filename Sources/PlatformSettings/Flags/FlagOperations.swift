import JSON
import Service

/// Feature flags, for operators.
struct FlagOperations {
    let flags: Flags

    private static let path = "/api/v1/admin/settings/features"

    var all: [Operation] {
        [
            Operation.list(
                Self.path, "listFeatureFlags", "Feature flags", tag: SettingsTag.name, who: .permission("settings:read"),
                filter: FlagFilter.self, item: FeatureFlag.self, sort: ["key", "createdAt"]
            ) { [flags] call, filter, page in
                try call.caller.requirePlatform("settings:read")
                return try await flags.page(filter, page)
            },
            Operation.post(
                Self.path, "createFeatureFlag", "Add a feature flag", tag: SettingsTag.name,
                who: .permission("settings:manage"), problems: [SettingsProblem.keyTaken], body: NewFlag.self,
                answer: FeatureFlag.self, location: { "\(Self.path)/\($0.id)" }
            ) { [flags] call, body in
                try call.caller.requirePlatform("settings:manage")
                return try await flags.create(body, by: call)
            },
            Operation.get(
                "\(Self.path)/{id}", "getFeatureFlag", "One feature flag", tag: SettingsTag.name,
                who: .permission("settings:read"), answer: FeatureFlag.self
            ) { [flags] call in
                try call.caller.requirePlatform("settings:read")
                return try await flags.find(call.id())
            },
            Operation.patch(
                "\(Self.path)/{id}", "changeFeatureFlag", "Change a feature flag; it acts everywhere within a second",
                tag: SettingsTag.name, who: .permission("settings:manage"), body: FlagChange.self, answer: FeatureFlag.self
            ) { [flags] call, body in
                try call.caller.requirePlatform("settings:manage")
                return try await flags.change(call.id(), body, by: call)
            },
            Operation.delete(
                "\(Self.path)/{id}", "deleteFeatureFlag", "Remove a feature flag, which is off then", tag: SettingsTag.name,
                who: .permission("settings:manage")
            ) { [flags] call in
                try call.caller.requirePlatform("settings:manage")
                try await flags.delete(call.id(), by: call)
            },
        ]
    }
}
