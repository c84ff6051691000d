import JSON
import Service

/// Limits of calls, for operators.
struct LimitOperations {
    let limits: Limits

    private static let path = "/api/v1/admin/settings/rate-limits"
    private static let refusals: [any ProblemKind] = [
        SettingsProblem.limitTaken, SettingsProblem.operationUnknown, SettingsProblem.roleUnknown,
        SettingsProblem.tooManyRules,
    ]

    var all: [Operation] {
        [
            Operation.list(
                Self.path, "listRateLimits", "Limits that stand in for those of the program", tag: SettingsTag.name,
                who: .permission("settings:read"), filter: SearchFilter.self, item: LimitEntry.self,
                sort: ["operation", "createdAt"]
            ) { [limits] call, filter, page in
                try call.caller.requirePlatform("settings:read")
                return try await limits.page(filter.q, page)
            },
            Operation.post(
                Self.path, "createRateLimit", "Set a limit for some operations and some callers", tag: SettingsTag.name,
                who: .permission("settings:manage"), problems: Self.refusals, body: NewLimit.self, answer: LimitEntry.self,
                location: { "\(Self.path)/\($0.id)" }
            ) { [limits] call, body in
                try call.caller.requirePlatform("settings:manage")
                return try await limits.create(body, by: call)
            },
            Operation.get(
                "\(Self.path)/{id}", "getRateLimit", "One limit", tag: SettingsTag.name,
                who: .permission("settings:read"), answer: LimitEntry.self
            ) { [limits] call in
                try call.caller.requirePlatform("settings:read")
                return try await limits.find(call.id())
            },
            Operation.patch(
                "\(Self.path)/{id}", "changeRateLimit", "Change a limit", tag: SettingsTag.name,
                who: .permission("settings:manage"), problems: Self.refusals, body: LimitChange.self,
                answer: LimitEntry.self
            ) { [limits] call, body in
                try call.caller.requirePlatform("settings:manage")
                return try await limits.change(call.id(), body, by: call)
            },
            Operation.delete(
                "\(Self.path)/{id}", "deleteRateLimit", "Take a limit away; the program's own holds again",
                tag: SettingsTag.name, who: .permission("settings:manage")
            ) { [limits] call in
                try call.caller.requirePlatform("settings:manage")
                try await limits.delete(call.id(), by: call)
            },
        ]
    }
}

/// A search in a small list.
struct SearchFilter: Shaped {
    let q: String?

    static let shape = Shape("SearchFilter", Self.init, Field("q", { $0.q }, .length(1...100)))
}
