import Identity
import Postgres
import Service
import Values

/// The door to feature flags.
struct Flags: Sendable {
    let database: Database
    let state: SettingsState
    let trail: SettingsTrail
    let clock: Clock

    func page(_ filter: FlagFilter, _ page: PageRequest) async throws -> Page<FeatureFlag> {
        let flags = try await database.all(FlagQueries.list(filter, page))
        return Page(flags, total: try await database.one(FlagQueries.count(filter)))
    }

    func find(_ id: ID<FeatureFlag>) async throws -> FeatureFlag {
        guard let flag = try await database.first(FlagQueries.find(id)) else { throw HouseProblem.notFound.problem }
        return flag
    }

    func create(_ body: NewFlag, by call: Call) async throws -> FeatureFlag {
        let flag = body.flag(at: clock.now())
        do {
            try await database.transaction { _ in
                try await database.execute(FlagQueries.insert(flag))
                try await trail.record(
                    "feature_flag_created", "feature_flag", flag.id.description, flag.changes(from: nil),
                    object: flag.id.uuid, by: call)
            }
        } catch let error as DatabaseError where error.violates("feature_flags_key") {
            throw SettingsProblem.keyTaken.on("key")
        }
        await state.mirror.changed()
        return flag
    }

    func change(_ id: ID<FeatureFlag>, _ body: FlagChange, by call: Call) async throws -> FeatureFlag {
        let flag = try await database.transaction { _ in
            let old = try await lock(id, by: call)
            var flag = old
            body.apply(to: &flag, at: clock.now())
            try await database.execute(FlagQueries.save(flag))
            try await trail.record(
                "feature_flag_changed", "feature_flag", id.description, flag.changes(from: old), object: id.uuid, by: call)
            return flag
        }
        await state.mirror.changed()
        return flag
    }

    func delete(_ id: ID<FeatureFlag>, by call: Call) async throws {
        try await database.transaction { _ in
            let flag = try await lock(id, by: call)
            try await database.execute(FlagQueries.delete(id))
            try await trail.record(
                "feature_flag_deleted", "feature_flag", id.description, [AuditChange("key", .text(flag.key), .none)],
                object: id.uuid, by: call)
        }
        await state.mirror.changed()
    }

    private func lock(_ id: ID<FeatureFlag>, by call: Call) async throws -> FeatureFlag {
        guard let flag = try await database.first(FlagQueries.lock(id)) else { throw HouseProblem.notFound.problem }
        try await call.caller.checkMatch()
        return flag
    }
}

extension FeatureFlag {
    /// For the trail.
    func changes(from old: FeatureFlag?) -> [AuditChange?] {
        func names(_ flag: FeatureFlag?) -> AuditValue { flag.map { .list($0.environments.map(\.rawValue)) } ?? .none }
        func users(_ flag: FeatureFlag?) -> AuditValue { flag.map { .list($0.enabledFor.map(\.description)) } ?? .none }
        return [
            AuditChange("key", AuditValue(old?.key), .text(key)), AuditChange("name", AuditValue(old?.name), .text(name)),
            AuditChange("description", AuditValue(old?.description), AuditValue(description)),
            AuditChange("category", AuditValue(old?.category), .text(category)),
            AuditChange("isEnabled", old.map { .flag($0.isEnabled) } ?? .none, .flag(isEnabled)),
            AuditChange(
                "rolloutPercentage", old.map { .number(Int64($0.rolloutPercentage)) } ?? .none,
                .number(Int64(rolloutPercentage))),
            AuditChange("environments", names(old), names(self)), AuditChange("enabledFor", users(old), users(self)),
        ]
    }
}
