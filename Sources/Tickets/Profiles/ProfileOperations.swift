import Identity
import Service

/// The times under which tickets of a type of scope are handled.
enum ProfileOperations {
    private static let path = "/api/v1/tickets/profiles/{scopeType}"

    static func all(_ module: TicketsModule) -> [Operation] {
        let tickets = module.tickets
        return [
            .get(
                path, "getTicketProfile", "Deadlines and closing times of a type of scope", tag: "Tickets",
                who: .permission(.supportManage), answer: ProfileView.self
            ) { call in
                try call.caller.requirePlatform(.supportManage)
                return ProfileView(profile: try await tickets.profile(call))
            },
            .put(
                path, "changeTicketProfile", "Change deadlines and closing times of a type of scope", tag: "Tickets",
                who: .permission(.supportManage), body: ChangedProfileBody.self, answer: ProfileView.self
            ) { call, body in
                try call.caller.requirePlatform(.supportManage)
                return try await tickets.database.transaction { _ in
                    let before = ProfileTerms(try await tickets.profile(call))
                    try await call.caller.checkMatch()
                    let type = ScopeType(try call.text("scopeType"))
                    let terms = body.applied(to: before)
                    try await tickets.database.execute(ProfileQueries.save(terms, of: type, at: call.now))
                    await module.trail?.record(
                        "ticket_profile_changed", "ticket_profile", type.name, product: "platform", in: .platform,
                        changes: terms.changes(since: before), by: call)
                    return ProfileView(profile: try await tickets.profile(call))
                }
            },
        ]
    }
}

extension Tickets {
    /// The profile that the path names, as it holds now: 404 for a type that has no tickets.
    fileprivate func profile(_ call: Call) async throws -> TicketProfile {
        guard let profile = try await profiles.effective(ScopeType(try call.text("scopeType")), database) else {
            throw HouseProblem.notFound.problem
        }
        return profile
    }
}

extension ProfileTerms {
    fileprivate func changes(since old: ProfileTerms) -> [AuditChange?] {
        [
            AuditChange("criticalHours", AuditValue(old.criticalHours), AuditValue(criticalHours)),
            AuditChange("highHours", AuditValue(old.highHours), AuditValue(highHours)),
            AuditChange("mediumHours", AuditValue(old.mediumHours), AuditValue(mediumHours)),
            AuditChange("lowHours", AuditValue(old.lowHours), AuditValue(lowHours)),
            AuditChange("autoCloseHours", AuditValue(old.autoCloseHours), AuditValue(autoCloseHours)),
            AuditChange("reopenHours", AuditValue(old.reopenHours), AuditValue(reopenHours)),
            AuditChange("waitingDays", AuditValue(old.waitingDays), AuditValue(waitingDays)),
        ]
    }
}
