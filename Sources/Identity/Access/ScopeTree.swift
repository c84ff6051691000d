import Postgres
import Service
import Values

/// How the scopes of all products stand to each other. A grant on a parent covers every child, now and after a move, so
/// the tree is read from the products' own tables each time.
package struct ScopeTree: Sendable {
    private let database: Database
    private let kinds: [ScopeType: ScopeKind]

    package init(database: Database, kinds: [ScopeKind]) {
        self.database = database
        self.kinds = Dictionary(uniqueKeysWithValues: kinds.map { ($0.type, $0) })
    }

    package func knows(_ type: ScopeType) -> Bool { type == .platform || kinds[type] != nil }

    /// The scope and its parents, innermost first, without the platform. Empty for a scope that does not exist.
    package func path(of scope: Scope) async throws -> ScopePath {
        var path: ScopePath = []
        var next: Scope? = scope == .platform ? nil : scope
        while let current = next {
            guard let kind = kinds[current.type], let id = current.id,
                let link = try await database.first(Self.link(of: id, in: kind))
            else { return [] }
            path.append(current)
            next = link.parent.flatMap { parent in kind.parent.map { Scope($0, parent) } }
        }
        return path
    }

    /// The grants with the paths of their scopes: a statement per level for all of them.
    package func placing(_ grants: [Grant]) async throws -> [Grant] {
        var paths = Dictionary(grants.map { ($0.scope, $0.path) }) { first, _ in first }
        var heads = Set(paths.values.compactMap(\.last))
        while !heads.isEmpty {
            var parents: [Scope: Scope] = [:]
            for (type, scopes) in Dictionary(grouping: heads, by: \.type) {
                guard let kind = kinds[type], let above = kind.parent else { continue }
                for link in try await database.all(Self.links(of: scopes.compactMap(\.id), in: kind)) {
                    parents[Scope(type, link.id)] = link.parent.map { Scope(above, $0) }
                }
            }
            for (scope, path) in paths {
                if let parent = path.last.flatMap({ parents[$0] }) { paths[scope] = path + [parent] }
            }
            heads = Set(parents.values)
        }
        return grants.map {
            Grant(role: $0.role, level: $0.level, scope: $0.scope, path: paths[$0.scope], permissions: $0.permissions)
        }
    }

    /// Whether such a scope exists.
    package func exists(_ scope: Scope) async throws -> Bool {
        if scope == .platform { return true }
        return try await !path(of: scope).isEmpty
    }

    /// A condition on the columns `scope_type` and `scope_id` of the table `of`, `g` unless said otherwise: the scope is
    /// one of those reached, or below one, and neither denied nor below a denied one.
    package func condition(within reach: Reach, of table: StaticString = "g") -> SQL {
        let reached: SQL = reach.isEverything ? "true" : standing(in: reach.ids, table)
        if !reach.holdsDenials { return reached }
        return "(\(reached) and \(standing(in: reach.deniedIDs, table)) is not true)"
    }

    /// The scope is one of those with these ids, or below one.
    private func standing(in ids: (ScopeType) -> [UUID], _ table: StaticString) -> SQL {
        var condition: SQL = "false"
        for kind in kinds.values.sorted(by: { $0.type.name < $1.type.name }) {
            let member = member("\(raw: table).scope_id", of: kind, in: ids)
            condition = "\(condition) or (\(raw: table).scope_type = \(kind.type.name) and \(member))"
        }
        return "(\(condition))"
    }

    private func member(_ column: SQL, of kind: ScopeKind, in ids: (ScopeType) -> [UUID]) -> SQL {
        let own: SQL = "\(column) = any(\(ids(kind.type)))"
        guard let parent = kind.parent.flatMap({ kinds[$0] }) else { return own }
        return """
            (\(own) or \(column) in (
                select l.id from (\(kind.links)) l where \(member("l.parent_id", of: parent, in: ids))))
            """
    }

    private static func link(of id: UUID, in kind: ScopeKind) -> Statement<ScopeLink> {
        Statement("select l.id, l.parent_id from (\(kind.links)) l where l.id = \(id)")
    }

    private static func links(of ids: [UUID], in kind: ScopeKind) -> Statement<ScopeLink> {
        Statement("select l.id, l.parent_id from (\(kind.links)) l where l.id = any(\(ids))")
    }
}

/// A scope and its parent.
private struct ScopeLink: Row {
    let id: UUID
    let parent: UUID?

    init(_ row: inout RowReader) throws {
        id = try row.next()
        parent = try row.next()
    }
}
