import Identity
import Service
import Values

/// The pictures of people.
struct Avatars: Sendable {
    let files: Files
    let identity: IdentityModule

    static func object(_ user: UUID) -> FileObject { FileObject(type: "user", id: user) }

    /// Another picture takes the old one's place, which goes.
    func change(of user: UUID, to id: ID<StoredFile>, by actor: AuditActor) async throws -> StoredFile {
        try await files.database.transaction { _ in
            let file = try await files.use.attach(id, to: Self.object(user), purpose: FilePurpose.avatar.name, of: user)
            let old = try await identity.users.setAvatar(id.uuid, of: ID(user), by: actor)
            if let old, old != id.uuid { try await files.use.remove(ID(old)) }
            return file
        }
    }

    func remove(of user: UUID, by actor: AuditActor) async throws {
        try await files.database.transaction { _ in
            if let old = try await identity.users.setAvatar(nil, of: ID(user), by: actor) { try await files.use.remove(ID(old)) }
        }
    }

    var operations: [Operation] {
        [
            .put(
                "/api/v1/users/me/avatar", "changeMyAvatar", "Choose an uploaded picture", tag: "Own account",
                who: .signedIn, problems: [FileProblem.inUse], body: AvatarBody.self, answer: FileView.self
            ) { call, body in
                let file = try await change(of: try call.caller.user(), to: body.fileID, by: AuditActor(call, identity.book))
                return files.view(file, for: call.caller)
            },
            .delete("/api/v1/users/me/avatar", "removeMyAvatar", "Have no picture", tag: "Own account", who: .signedIn) { call in
                try await remove(of: try call.caller.user(), by: AuditActor(call, identity.book))
            },
        ]
    }

    /// A person who is erased leaves no picture.
    var farewell: EventHandler {
        EventHandler("files.farewell", on: [IdentityEvent.deleted.rawValue]) { event in
            guard let user = event.objectID else { return }
            try await files.use.release(Self.object(user), purpose: FilePurpose.avatar.name)
        }
    }
}
