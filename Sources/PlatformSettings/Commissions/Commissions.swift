import Identity
import Payments
import Postgres
import Service
import Values

/// The door to what the platform withholds. Asked in the settling transaction, so that a rule holds for every payment that
/// settles after it was set.
package struct Commissions: Sendable {
    let database: Database
    let bases: [CommissionBasis]
    let products: [String]
    let audit: Audit
    let trail: SettingsTrail
    let clock: Clock

    /// The rule for a key of a basis, else for all of its keys; nil where there is none.
    package func rule(of product: String, _ basis: String, _ key: String = CommissionRule.everything) async throws
        -> Commission?
    {
        try await database.first(CommissionQueries.find(product, basis, key))?.commission
    }

    func current(_ product: String) async throws -> CommissionSet {
        try check(product)
        return try await set(product)
    }

    /// The rules take the place of all that the product had.
    func replace(_ product: String, _ body: NewCommissionSet, by call: Call) async throws -> CommissionSet {
        try check(product)
        try check(body.rules, of: product, field: "rules")
        return try await database.transaction { _ in
            _ = try await database.first(CommissionQueries.lock(product))
            try await call.caller.checkMatch()
            let old = try await database.all(CommissionQueries.active(of: product))
            let now = clock.now()
            try await database.write([
                CommissionQueries.retire(product, at: now), CommissionQueries.insert(body.rules, of: product, at: now),
            ])
            let change = AuditChange("rules", .list(old.map(\.text)), .list(body.rules.map(\.text).sorted()))
            try await trail.record("commission_changed", Self.objectType, product, [change], product: product, by: call)
            return try await set(product)
        }
    }

    /// What would be withheld: by the rules given, else by those that hold. Writes nothing.
    func preview(_ product: String, _ body: CommissionTrial) async throws -> CommissionPreview {
        try check(product)
        if let rules = body.rules { try check(rules, of: product, field: "rules") }
        let known = bases(of: product)
        guard known.contains(body.basis) else { throw SettingsProblem.basisUnknown.on("basis") }
        let amount = try body.money()
        let rule: CommissionRule?
        if let rules = body.rules {
            rule = Self.choose(rules, body.basis, body.key)
        } else {
            rule = try await database.first(CommissionQueries.find(product, body.basis, body.key))
        }
        return CommissionPreview(amount: amount, share: try rule?.commission.share(of: amount), rule: rule)
    }

    static func choose(_ rules: [CommissionRule], _ basis: String, _ key: String) -> CommissionRule? {
        let own = rules.filter { $0.basis == basis }
        return own.first { $0.key == key } ?? own.first { $0.key == CommissionRule.everything }
    }

    private static let objectType = "commission"
    private static let historyLength = 50

    private func set(_ product: String) async throws -> CommissionSet {
        CommissionSet(
            product: product, bases: bases(of: product),
            rules: try await database.all(CommissionQueries.active(of: product)),
            history: try await audit.history(of: Self.objectType, product, limit: Self.historyLength)
                .map { CommissionChange(record: $0) })
    }

    private func bases(of product: String) -> [String] {
        [CommissionBasis.standard] + bases.filter { $0.product == product }.map(\.name)
    }

    private func check(_ product: String) throws {
        guard products.contains(product) else { throw HouseProblem.notFound.problem }
    }

    private func check(_ rules: [CommissionRule], of product: String, field: String) throws {
        let known = bases(of: product)
        var errors: [FieldError] = []
        var seen: Set<[String]> = []
        for (index, rule) in rules.enumerated() {
            if !known.contains(rule.basis) {
                errors.append(
                    FieldError(field: "\(field)[\(index)].basis", code: "choice", message: "must be one of \(known.joined(separator: ", "))"))
            }
            if !seen.insert([rule.basis, rule.key]).inserted {
                errors.append(FieldError(field: "\(field)[\(index)].key", code: "distinct", message: "stands here twice"))
            }
        }
        if !errors.isEmpty { throw InvalidInput(errors) }
    }
}
