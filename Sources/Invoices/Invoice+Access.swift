import Service
import Values

/// Who may do what with one invoice. Locks of a scope do not stop a debtor from reading and paying what he owes.
extension Invoice {
    /// Owes it: the debtor himself, or somebody with the debtor's right, or its staff.
    private func isOwed(by caller: Caller) -> Bool {
        if parties.debtor.type == "user", let user = caller.userID, parties.debtor.id == user { return true }
        return holds(.invoicesPay, caller) || holds(.invoicesRead, caller)
    }

    /// As debtor, and nothing above denies it.
    private func holds(_ permission: Permission, _ caller: Caller) -> Bool {
        caller.can(permission, on: [parties.debtor]) && !caller.isDenied(permission, on: parties.managers)
    }

    package func isVisible(to caller: Caller) -> Bool {
        if caller.can(.invoicesRead, on: parties.managers) { return true }
        return state.status != .draft && isOwed(by: caller)
    }

    /// Pays online what he owes; staff of the creditor record payments by hand instead.
    package func isPayable(by caller: Caller) -> Bool {
        if parties.debtor.type == "user", let user = caller.userID, parties.debtor.id == user { return true }
        return holds(.invoicesPay, caller)
    }

    /// Refuses who may not read it: 401, 404, or the status of a locked scope.
    package func requireVisible(to caller: Caller) throws {
        if state.status != .draft, isOwed(by: caller) { return }
        try caller.require(.invoicesRead, on: parties.managers)
    }

    /// Refuses who may not change it: 404 when he does not even see it, else 403.
    package func require(_ permission: Permission, by caller: Caller) throws {
        if caller.can(permission, on: parties.managers) {
            return try caller.require(permission, on: parties.managers)
        }
        throw isVisible(to: caller) ? HouseProblem.forbidden.problem : HouseProblem.notFound.problem
    }
}
