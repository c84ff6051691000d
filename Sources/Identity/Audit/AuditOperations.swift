import Postgres
import Service
import Values

/// Reading the trail: of the platform, or of the caller's scopes.
struct AuditOperations {
    let module: IdentityModule

    var all: [Operation] { [list, export, stats, get] }

    private static let tag = "Audit trail"

    private func condition(_ filter: AuditFilter, for caller: Caller) throws -> AuditCondition {
        let reach = try caller.reach("audit:read")
        return filter.condition(within: module.scopes.condition(within: reach, of: "a"))
    }

    private var list: Operation {
        Operation.feed(
            "/api/v1/audit-logs", "listAuditLogs", "Who did what, the newest first", tag: Self.tag,
            who: .permission("audit:read"), filter: AuditFilter.self, item: AuditView.self
        ) { [self] call, filter, request in
            try await module.audit.feed(try condition(filter, for: call.caller), request)
        }
    }

    private var export: Operation {
        Operation.export(
            "/api/v1/audit-logs/export", "exportAuditLogs", "The trail as a file, the newest first", tag: Self.tag,
            who: .permission("audit:read"), filter: AuditFilter.self, file: "audit-logs", columns: AuditRecord.columns
        ) { [self] call, filter in
            try await module.audit.export(
                try condition(filter, for: call.caller), asked: filter.details, by: AuditActor(call, module.book))
        }
    }

    private var stats: Operation {
        Operation.get(
            "/api/v1/audit-logs/stats", "getAuditStats", "Figures of the trail", tag: Self.tag,
            who: .permission("audit:read"), query: AuditFilter.self, answer: AuditStats.self
        ) { [self] call, filter in
            try await module.audit.stats(try condition(filter, for: call.caller))
        }
    }

    private var get: Operation {
        Operation.get(
            "/api/v1/audit-logs/{id}", "getAuditLog", "One row of the trail", tag: Self.tag,
            who: .permission("audit:read"), answer: AuditView.self
        ) { [module] call in
            let reach = try call.caller.reach("audit:read")
            let condition = AuditCondition(within: module.scopes.condition(within: reach, of: "a"))
            return try await module.audit.find(call.id(), condition)
        }
    }
}
