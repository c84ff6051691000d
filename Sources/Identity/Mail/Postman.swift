import Values

/// Who takes Identity's letters. They are handed over inside the transaction that gives rise to them: none goes out of
/// what was rolled back.
package protocol Postman: Sendable {
    func post(_ letter: Letter, to user: User, at address: String) async throws
}

/// Takes letters nowhere: for commands that run without the module of notifications.
package struct NoPostman: Postman {
    package init() {}

    package func post(_ letter: Letter, to user: User, at address: String) async throws {}
}
