import Postgres
import Service

/// A type of scope that a product registers, with the way to its parent.
package struct ScopeKind: Sendable {
    package let type: ScopeType
    package let parent: ScopeType?
    /// A query for `id, parent_id` of every scope of the type: `select id, company_id as parent_id from condo.condos`.
    let links: SQL

    /// A type whose scopes stand directly below the platform.
    ///
    /// - Parameter all: a query for the column `id` of every scope of the type.
    package static func top(_ type: ScopeType, all: SQL) -> ScopeKind {
        ScopeKind(type: type, parent: nil, links: "select s.id, null::uuid as parent_id from (\(all)) s")
    }

    /// A type whose scopes stand below those of another.
    package static func under(_ parent: ScopeType, _ type: ScopeType, links: SQL) -> ScopeKind {
        ScopeKind(type: type, parent: parent, links: links)
    }
}
