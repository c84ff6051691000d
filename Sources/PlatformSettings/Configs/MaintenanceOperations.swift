import Identity
import JSON
import Postgres
import Service

/// Switching maintenance on and off.
struct MaintenanceOperations {
    let configs: Configs

    var all: [Operation] {
        [
            Operation.post(
                "/api/v1/admin/settings/maintenance", "setMaintenance",
                "While it is on users are answered 503; staff, probes and providers go on", tag: SettingsTag.name,
                who: .permission("settings:manage"), body: MaintenanceSwitch.self, answer: MaintenanceSwitch.self, status: 200
            ) { [self] call, body in
                try call.caller.requirePlatform("settings:manage")
                return try await set(body, by: call)
            }
        ]
    }

    private func set(_ body: MaintenanceSwitch, by call: Call) async throws -> MaintenanceSwitch {
        let database = configs.database
        try await database.transaction { _ in
            _ = try await database.first(ConfigQueries.lock())
            let stored = try await database.first(ConfigQueries.find(MaintenanceSwitch.key))
            let old = stored.flatMap { MaintenanceSwitch($0.value) } ?? .off
            let entry = ConfigEntry(key: MaintenanceSwitch.key, value: JSONText(encoding: body), isSecret: false)
            try await database.execute(
                ConfigQueries.save(
                    entry, category: "platform", isPublic: true, by: call.caller.userID, at: configs.clock.now()))
            try await configs.trail.record(
                "maintenance_set", "settings", MaintenanceSwitch.key,
                [
                    AuditChange("isEnabled", .flag(old.isEnabled), .flag(body.isEnabled)),
                    AuditChange("message", AuditValue(old.message), AuditValue(body.message)),
                ], by: call)
        }
        await configs.state.mirror.changed()
        return body
    }
}
