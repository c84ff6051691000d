import Identity
import Postgres
import Service
import Values

/// The door to the rules for networks. Nobody shuts himself out.
struct Addresses: Sendable {
    let database: Database
    let state: SettingsState
    let trail: SettingsTrail
    let clock: Clock

    func page(_ kind: AddressEntry.Kind?, _ page: PageRequest) async throws -> Page<AddressEntry> {
        let rules = try await database.all(AddressQueries.list(kind, page))
        return Page(rules, total: try await database.one(AddressQueries.count(kind)))
    }

    func find(_ id: ID<AddressEntry>) async throws -> AddressEntry {
        guard let rule = try await database.first(AddressQueries.find(id)) else { throw HouseProblem.notFound.problem }
        return rule
    }

    func create(_ body: NewAddressRule, by call: Call) async throws -> AddressEntry {
        let now = clock.now()
        let rule = AddressEntry(
            id: .new(), createdAt: now, updatedAt: now, kind: body.kind, network: body.network, note: body.note)
        return try await saving(by: call) {
            guard try await database.one(AddressQueries.count(nil)) < AddressEntry.most else {
                throw SettingsProblem.tooManyRules.problem
            }
            let made = try await database.one(AddressQueries.insert(rule))
            try await tell("address_rule_created", made.id, made.changes(from: nil), by: call)
            return made
        }
    }

    func change(_ id: ID<AddressEntry>, _ body: AddressRuleChange, by call: Call) async throws -> AddressEntry {
        try await saving(by: call) {
            let old = try await find(id)
            try await call.caller.checkMatch()
            var rule = old
            body.apply(to: &rule, at: clock.now())
            let saved = try await database.one(AddressQueries.save(rule))
            try await tell("address_rule_changed", id, saved.changes(from: old), by: call)
            return saved
        }
    }

    func delete(_ id: ID<AddressEntry>, by call: Call) async throws {
        try await saving(by: call) {
            let rule = try await find(id)
            try await call.caller.checkMatch()
            try await database.execute(AddressQueries.delete(id))
            try await tell(
                "address_rule_deleted", id, [AuditChange("network", .text(rule.network), .none)], by: call)
        }
    }

    private func saving<T: Sendable>(by call: Call, _ body: () async throws -> T) async throws -> T {
        let result: T
        do {
            result = try await database.transaction { _ in
                _ = try await database.first(AddressQueries.lockAll())
                let result = try await body()
                let rules = AddressEntry.rules(try await database.all(AddressQueries.all()))
                if rules.refuses(call.caller.address) { throw SettingsProblem.ownAddress.problem }
                return result
            }
        } catch let error as DatabaseError where error.violates("address_rules_network") {
            throw SettingsProblem.networkTaken.on("network")
        }
        await state.mirror.changed()
        return result
    }

    private func tell(
        _ action: String, _ id: ID<AddressEntry>, _ changes: [AuditChange?], by call: Call
    ) async throws {
        try await trail.record(action, "address_rule", id.description, changes, object: id.uuid, by: call)
    }
}
