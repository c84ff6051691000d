import Service

extension Payment {
    /// Refuses who may not see it: the payer does, and staff of its scope or payee.
    func requireVisible(to caller: Caller) throws {
        if let payerID, caller.userID == payerID { return caller.decidedByOwnership() }
        try caller.require(.paymentsRead, on: path)
    }

    func isOwn(of caller: Caller) -> Bool {
        guard let payerID, caller.userID == payerID else { return false }
        caller.decidedByOwnership()
        return true
    }
}
