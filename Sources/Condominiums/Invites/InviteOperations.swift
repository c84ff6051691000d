import JSON
import Identity
import Service
import Values

/// How invitations are reached. Answers that hold a link are not compressed.
enum InviteOperations {
    static func all(_ invites: Invites) -> [Operation] {
        [
            .post(
                "/api/v1/invites", "createInvite", "Invite somebody to a unit", tag: "Residents",
                who: .permission(.residentsManage),
                problems: [InviteProblem.inviteExists, ResidentProblem.alreadyResident], body: NewInvite.self,
                location: { "/api/v1/invites/\($0.id)" }
            ) { call, body in
                try await invites.create(body, by: Author(of: call))
            }.uncompressed(),
            .get(
                "/api/v1/invites/unit/{unitId}", "listUnitInvites", "Invitations to a unit", tag: "Residents",
                who: .permission(.residentsManage), query: IncludeExpired.self
            ) { call, filter in
                try await invites.ofUnit(call.id("unitId"), filter, for: call.caller)
            }.uncompressed(),
            .get(
                "/api/v1/invites/{id}", "getInvite", "An invitation", tag: "Residents",
                who: .permission(.residentsManage)
            ) { call in
                try await invites.one(call.id(), for: call.caller)
            }.uncompressed(),
            .delete(
                "/api/v1/invites/{id}", "deleteInvite", "Remove an invitation", tag: "Residents",
                who: .permission(.residentsManage)
            ) { call in
                try await invites.delete(call.id(), by: Author(of: call))
            },
            .action(
                "/api/v1/invites/{id}/deactivate", "deactivateInvite", "Close an invitation", tag: "Residents",
                who: .permission(.residentsManage)
            ) { call in
                try await invites.deactivate(call.id(), by: Author(of: call))
            }.uncompressed(),
            .get(
                "/api/v1/invites/validate/{token}", "validateInvite", "What an invitation is for", tag: "Residents",
                who: .anyone
            ) { call in
                try await invites.validate(call.text("token"))
            }.limited(RateLimit("invites.validate", 10, perSeconds: 60)),
            .action(
                "/api/v1/invites/accept/{token}", "acceptInvite", "Become a resident", tag: "Residents",
                who: .signedIn,
                problems: [
                    InviteProblem.emailMismatch, InviteProblem.emailUnconfirmed, InviteProblem.inactive,
                    InviteProblem.expired, InviteProblem.usedUp, ResidentProblem.alreadyResident,
                    ResidentProblem.ownerExists, UserProblem.userDeleted,
                ], status: 201
            ) { call in
                try await invites.accept(call.text("token"), by: Author(of: call))
            }.limited(RateLimit("invites.accept", 5, perSeconds: 300)),
        ]
    }
}
