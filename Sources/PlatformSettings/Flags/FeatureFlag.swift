import CSystem
import Postgres
import Service
import Values

/// Something that is on for some: in some environments, for a share of the users, for those who are named.
package struct FeatureFlag: Sendable {
    package let id: ID<FeatureFlag>
    let createdAt: Instant
    var updatedAt: Instant
    package let key: String
    var name: String
    var description: String?
    var category: String
    var isEnabled: Bool
    /// 0 to 100.
    var rolloutPercentage: Int
    /// Where it may be on; empty for everywhere.
    var environments: [Deployment]
    var enabledFor: [UUID]

    /// 0-platform, 4.10: off if disabled or in another environment; on for those who are named; else by a number that the
    /// user keeps for this flag. Nobody in particular has it once everybody has.
    package func isOn(for user: UUID?, in environment: Deployment) -> Bool {
        guard isEnabled, environments.isEmpty || environments.contains(environment) else { return false }
        guard let user else { return rolloutPercentage == 100 }
        return enabledFor.contains(user) || Self.number(key, user) < rolloutPercentage
    }

    /// crc32(key + user id) mod 100.
    static func number(_ key: String, _ user: UUID) -> Int {
        let bytes = Array("\(key)\(user)".utf8)
        return Int(crc32(0, bytes, UInt32(bytes.count)) % 100)
    }
}

extension FeatureFlag: Row {
    package init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        key = try row.next()
        name = try row.next()
        description = try row.next()
        category = try row.next()
        isEnabled = try row.next()
        rolloutPercentage = try row.next()
        let names: [String] = try row.next()
        environments = names.compactMap { Deployment(rawValue: $0) }
        enabledFor = try row.next()
    }
}
