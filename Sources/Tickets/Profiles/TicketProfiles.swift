import Postgres
import Service
import Values

/// The profiles that the products have registered, with what an operator has changed of them.
package struct TicketProfiles: Sendable {
    private let byType: [ScopeType: TicketProfile]

    package init(_ profiles: [TicketProfile]) {
        byType = Dictionary(profiles.map { ($0.scopeType, $0) }) { first, _ in
            preconditionFailure("two ticket profiles are for \(first.scopeType)")
        }
    }

    /// As registered.
    subscript(_ type: ScopeType) -> TicketProfile? { byType[type] }

    var all: [TicketProfile] { byType.values.sorted { $0.scopeType.name < $1.scopeType.name } }

    /// As it holds now; nil for a type of scope that has no tickets.
    func effective(_ type: ScopeType, _ database: Database) async throws -> TicketProfile? {
        guard let profile = byType[type] else { return nil }
        let row = try await database.first(ProfileQueries.row(type))
        return row.map(profile.changed) ?? profile
    }

    /// All as they hold now, in one statement.
    func effective(_ database: Database) async throws -> [TicketProfile] {
        let rows = try await database.all(ProfileQueries.rows())
        return all.map { profile in
            rows.first { $0.scopeType == profile.scopeType.name }.map(profile.changed) ?? profile
        }
    }
}

extension TicketProfile {
    fileprivate func changed(_ row: ProfileRow) -> TicketProfile {
        var profile = self
        profile.hours = row.terms.hours
        profile.autoCloseHours = row.terms.autoCloseHours
        profile.reopenHours = row.terms.reopenHours
        profile.waitingDays = row.terms.waitingDays
        return profile
    }
}
