import Values

extension Users {
    /// Gives an account a picture, or takes it away.
    ///
    /// - Returns: the one that it had.
    package func setAvatar(_ file: UUID?, of id: ID<User>, by actor: AuditActor) async throws -> UUID? {
        var old: UUID?
        _ = try await change(id, as: "avatar_changed", by: actor) { user in
            old = user.avatarFileID
            user.avatarFileID = file
        }
        return old
    }
}
