import Identity
import Notifications
import Postgres
import Service
import Values

/// The words of the platform's templates, for operators.
struct TemplateOperations {
    let templates: Templates
    let trail: SettingsTrail
    let database: Database
    let clock: Clock

    private static let path = "/api/v1/admin/settings/notification-templates"
    private static let limit = RateLimit("template-trials", 10, perSeconds: 3600)
    private static let permission: Permission = "messaging:manage"

    var all: [Operation] { [list, create, get, change, delete, attempt] }

    private var list: Operation {
        Operation.list(
            Self.path, "listNotificationTemplates", "Words that stand in for those of the program", tag: SettingsTag.name,
            who: .permission(Self.permission), filter: TemplateFilter.self, item: TemplateView.self, sort: ["key"]
        ) { [templates] call, filter, page in
            try call.caller.requirePlatform(Self.permission)
            let found = try await templates.list(
                filter.condition, descending: page.isDescending, limit: page.limit, offset: page.offset)
            return Page(found.templates.map { TemplateView(template: $0) }, total: found.total)
        }
    }

    private var create: Operation {
        Operation.post(
            Self.path, "createNotificationTemplate", "Give a template other words over a channel and in a language",
            tag: SettingsTag.name, who: .permission(Self.permission),
            problems: [NotificationProblem.templateTaken, NotificationProblem.tooManyTemplates], body: NewTemplate.self,
            answer: TemplateView.self, location: { "\(Self.path)/\($0.template.id)" }
        ) { [self] call, body in
            try call.caller.requirePlatform(Self.permission)
            return try await saving {
                let template = try await templates.create(body.template(at: clock.now()))
                try await tell("template_created", template, template.changes(from: nil), by: call)
                return template
            }
        }
    }

    private var get: Operation {
        Operation.get(
            Self.path + "/{id}", "getNotificationTemplate", "One template", tag: SettingsTag.name,
            who: .permission(Self.permission), answer: TemplateView.self
        ) { [templates] call in
            try call.caller.requirePlatform(Self.permission)
            return TemplateView(template: try await templates.find(call.id()))
        }
    }

    private var change: Operation {
        Operation.patch(
            Self.path + "/{id}", "changeNotificationTemplate", "Change the words of a template", tag: SettingsTag.name,
            who: .permission(Self.permission), body: TemplateChange.self, answer: TemplateView.self
        ) { [self] call, body in
            try call.caller.requirePlatform(Self.permission)
            let id: ID<StoredTemplate> = try call.id()
            return try await saving {
                let (old, new) = try await templates.change(id) { template in
                    try await call.caller.checkMatch()
                    body.apply(to: &template)
                }
                try await tell("template_changed", new, new.changes(from: old), by: call)
                return new
            }
        }
    }

    private var delete: Operation {
        Operation.delete(
            Self.path + "/{id}", "deleteNotificationTemplate", "Have the program's own words again", tag: SettingsTag.name,
            who: .permission(Self.permission)
        ) { [self] call in
            try call.caller.requirePlatform(Self.permission)
            let id: ID<StoredTemplate> = try call.id()
            _ = try await saving {
                let template = try await templates.delete(id) { try await call.caller.checkMatch() }
                let (key, place) = (template.key.rawValue, "\(template.type.rawValue) \(template.locale)")
                try await tell(
                    "template_deleted", template,
                    [AuditChange("key", .text(key), .none), AuditChange("place", .text(place), .none)], by: call)
                return template
            }
        }
    }

    private var attempt: Operation {
        Operation.post(
            Self.path + "/{id}/test", "testNotificationTemplate", "Send a template to oneself or to an address",
            tag: SettingsTag.name, who: .permission(Self.permission), problems: [NotificationProblem.addressMissing],
            body: TemplateTrial.self, answer: SettingsTest.self, status: 200
        ) { [templates] call, body in
            try call.caller.requirePlatform(Self.permission)
            let template = try await templates.find(call.id())
            try await templates.attempt(template.id, to: try body.address(over: template.type), of: call.caller.user())
            return SettingsTest(success: true, message: "It is on its way, with the names of its variables for values.")
        }.limited(Self.limit)
    }

    private func saving(_ body: () async throws -> StoredTemplate) async throws -> TemplateView {
        let template = try await database.transaction { _ in try await body() }
        await templates.changed()
        return TemplateView(template: template)
    }

    private func tell(
        _ action: String, _ template: StoredTemplate, _ changes: [AuditChange?], by call: Call
    ) async throws {
        try await trail.record(
            action, "notification_template", template.id.description, changes, object: template.id.uuid, by: call)
    }
}
