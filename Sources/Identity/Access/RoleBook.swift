import Service
import Synchronization

/// Every role of the program: the platform's own, those of the modules that are switched on, and those that operators have
/// made.
package final class RoleBook: Sendable {
    private let registered: [String: Role]
    private let current: Mutex<[String: Role]>

    /// A module that registers a role under the name of a platform role adds its codes to it; what else it says of
    /// that role does not count.
    package init(_ roles: [Role]) {
        registered = Dictionary((Role.platform + roles).map { ($0.name, $0) }) { $0.adding($1.permissions) }
        current = Mutex(registered)
    }

    private var roles: [String: Role] { current.withLock { $0 } }

    /// What the modules register, in no order.
    var system: [Role] { Array(registered.values) }

    /// Takes the roles that operators have made in place of those it knew. One whose name a module has taken since gives
    /// way to it.
    ///
    /// - Returns: whether anything is another now.
    func take(_ made: [Role]) -> Bool {
        let all = registered.merging(made.map { ($0.name, $0) }) { registered, _ in registered }
        return current.withLock { current in
            defer { current = all }
            return current != all
        }
    }

    package subscript(name: String) -> Role? { roles[name] }
    package var all: [Role] { roles.values.sorted { $0.name < $1.name } }

    /// The names of the roles of a module.
    package func names(of product: String) -> [String] { all.filter { $0.product == product }.map(\.name) }

    /// What a stored grant allows; nil when the module of its role is switched off.
    func grant(_ stored: StoredGrant) -> Grant? {
        guard let role = roles[stored.role] else { return nil }
        return Grant(
            role: role.name, level: role.level, scope: stored.scope,
            permissions: PermissionSet(role: role.permissions, extra: stored.codes))
    }

    /// Whether somebody acts for an organisation: he holds a role that is given by hand. Residents do not.
    package func isStaff(_ principal: Principal) -> Bool {
        principal.grants.contains { roles[$0.role]?.isGrantedByHand ?? false }
    }
}

extension Role {
    fileprivate func adding(_ codes: [Permission]) -> Role {
        Role(
            name, title: title, product: product, level: level, on: scopeTypes,
            permissions: permissions + codes.filter { !permissions.contains($0) }, isGrantedByHand: isGrantedByHand)
    }
}
