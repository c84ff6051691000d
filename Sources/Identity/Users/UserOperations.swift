import JSON
import Runtime
import Notifications
import Service
import Values

/// What everybody does with his own account.
struct UserOperations {
    let module: IdentityModule

    var all: [Operation] {
        [
            me, change, delete, changePassword, grants, requestReset, checkReset, reset, changeEmail, resend, confirm,
            emailStatus, preferences, changePreferences,
        ]
    }

    private static let tag = "Own account"

    private var me: Operation {
        Operation.get(
            "/api/v1/users/me", "getMe", "The caller's own account", tag: Self.tag, who: .signedIn, answer: UserView.self
        ) { [module] call in
            try await module.view(try await module.user(of: call))
        }.openWhenLocked().openBeforePasswordChange()
    }

    private var change: Operation {
        Operation.patch(
            "/api/v1/users/me", "changeMe", "Change the caller's own account", tag: Self.tag, who: .signedIn,
            problems: [UserProblem.personRequired], body: ProfileChange.self, answer: UserView.self
        ) { [module] call, body in
            let id = ID<User>(try call.person().userID)
            try await module.users.check(timeZone: body.timeZone.value(or: nil))
            let user = try await module.users.change(id, as: "profile_changed", by: AuditActor(call, module.book)) {
                try await call.caller.checkMatch()
                try body.apply(to: &$0, on: call.now.day)
            }
            return try await module.view(user)
        }.openWhenLocked()
    }

    private var preferences: Operation {
        Operation.get(
            "/api/v1/users/me/preferences", "getMyPreferences", "How the caller wants applications to look", tag: Self.tag,
            who: .signedIn, problems: [UserProblem.personRequired], answer: Preferences.self
        ) { [module] call in
            _ = try call.person()
            return try Preferences.decode(json: try await module.user(of: call).preferences.bytes)
        }.openWhenLocked()
    }

    private var changePreferences: Operation {
        Operation.patch(
            "/api/v1/users/me/preferences", "changeMyPreferences", "Change what the body names of them", tag: Self.tag,
            who: .signedIn, problems: [UserProblem.personRequired], body: PreferencesChange.self, answer: Preferences.self
        ) { [module] call, body in
            let id = ID<User>(try call.person().userID)
            var kept = Preferences()
            try await module.users.change(id, as: "preferences_changed", by: AuditActor(call, module.book)) { user in
                try await call.caller.checkMatch()
                kept = body.applied(to: try Preferences.decode(json: user.preferences.bytes))
                user.preferences = JSONText(encoding: kept)
            }
            return kept
        }.openWhenLocked()
    }

    private var delete: Operation {
        Operation.command(
            .delete, "/api/v1/users/me", "deleteMe", "Erase the caller's own account", tag: Self.tag, who: .signedIn,
            problems: [
                UserProblem.personRequired, UserProblem.wrongPassword, UserProblem.deletionBlocked,
                GrantProblem.lastSuperAdmin, SignInProblem.tooManyAttempts, CodeProblem.codeInvalid, CodeProblem.codeExpired,
                CodeProblem.codeLocked,
            ],
            body: Farewell.self
        ) { [module] call, body in
            let id = ID<User>(try call.person().userID)
            try await module.users.deleteSelf(
                id, password: body.password, code: body.code, by: call.caller, from: Origin(call))
        }.openWhenLocked()
    }

    private var changePassword: Operation {
        Operation.command(
            .put, "/api/v1/users/me/password", "changeMyPassword", "Choose a new password; other sign-ins end",
            tag: Self.tag, who: .signedIn,
            problems: [
                UserProblem.personRequired, UserProblem.wrongPassword, UserProblem.samePassword,
                SignInProblem.tooManyAttempts,
            ],
            body: PasswordChange.self
        ) { [module] call, body in
            let person = try call.person()
            try await module.users.changePassword(
                of: ID(person.userID), from: body.currentPassword, to: body.newPassword, keeping: person.sessionID,
                by: Origin(call))
        }.openBeforePasswordChange()
    }

    private var grants: Operation {
        Operation.list(
            "/api/v1/users/me/grants", "listMyGrants", "The caller's grants with what they allow", tag: Self.tag,
            who: .signedIn, filter: Empty.self, item: GrantView.self, sort: ["createdAt"]
        ) { [module] call, _, page in
            let grants = try await module.grants.live(of: ID(try call.caller.user()))
            return Page(sorted: grants.map { GrantView($0, roles: module.book) }, page) { $0.createdAt < $1.createdAt }
        }.openWhenLocked()
    }

    // MARK: Password reset

    /// How long the answer takes, whether the address is known or not.
    private static let uniformTime = Duration.milliseconds(100)

    private var requestReset: Operation {
        Operation.post(
            "/api/v1/password-reset/request", "requestPasswordReset", "Have a link mailed by which a password is chosen",
            tag: Self.tag, who: .anyone, body: ResetRequest.self, answer: Accepted.self, status: 202
        ) { [module] call, body in
            let start = EventLoop.monotonic()
            if let email = EmailAddress(body.email) { try await module.users.requestReset(email, by: Origin(call)) }
            let spent = Duration.nanoseconds(Int64(EventLoop.monotonic() - start))
            if spent < Self.uniformTime { try await call.loop.sleep(for: Self.uniformTime - spent) }
            return Accepted(accepted: true)
        }.withoutIdempotency().limited(RateLimit("password-reset", 3, perSeconds: 3600))
    }

    private var checkReset: Operation {
        Operation.post(
            "/api/v1/password-reset/verify", "verifyPasswordReset", "Say whether a link works", tag: Self.tag,
            who: .anyone, body: LinkToken.self, answer: LinkValidity.self, status: 200
        ) { [module] _, body in
            LinkValidity(valid: try await module.users.isResetLink(body.token))
        }.withoutIdempotency()
    }

    private var reset: Operation {
        Operation.post(
            "/api/v1/password-reset/reset", "resetPassword", "Choose a new password by a link; every sign-in ends",
            tag: Self.tag, who: .anyone, problems: [LinkProblem.tokenInvalid], body: PasswordReset.self,
            answer: Accepted.self, status: 200
        ) { [module] call, body in
            try await module.users.reset(body.token, to: body.newPassword, by: Origin(call))
            return Accepted(accepted: true)
        }.withoutIdempotency()
    }

    // MARK: The e-mail address

    private var changeEmail: Operation {
        Operation.post(
            "/api/v1/users/me/email", "changeMyEmail", "Have a link mailed by which another address takes the place of this",
            tag: Self.tag, who: .signedIn,
            problems: [
                UserProblem.personRequired, UserProblem.wrongPassword, UserProblem.emailTaken,
                SignInProblem.tooManyAttempts,
            ],
            body: EmailChange.self, answer: Accepted.self, status: 202
        ) { [module] call, body in
            guard let email = EmailAddress(body.email) else { throw HouseProblem.invalidInput.problem }
            try await module.users.requestEmail(
                email, of: ID(try call.person().userID), password: body.password, by: Origin(call))
            return Accepted(accepted: true)
        }.withoutIdempotency().limited(RateLimit("email-change", 5, perSeconds: 3600))
    }

    private var resend: Operation {
        Operation.action(
            "/api/v1/email-verification/resend", "resendConfirmation", "Have the link mailed that confirms the address",
            tag: Self.tag, who: .signedIn, problems: [UserProblem.personRequired], answer: Accepted.self, status: 202
        ) { [module] call in
            try await module.users.resendConfirmation(to: ID(try call.person().userID))
            return Accepted(accepted: true)
        }.limited(RateLimit("email-verification", 3, perSeconds: 3600))
    }

    private var confirm: Operation {
        Operation.post(
            "/api/v1/email-verification/verify", "verifyEmail",
            "Confirm an address by the link mailed to it, or by a code", tag: Self.tag, who: .anyone,
            problems: [
                LinkProblem.tokenInvalid, LinkProblem.emailTaken, CodeProblem.codeInvalid, CodeProblem.codeExpired,
                CodeProblem.codeLocked,
            ],
            body: AddressProof.self, answer: EmailStatus.self, status: 200
        ) { [module] call, body in
            let user =
                if let token = body.token {
                    try await module.users.confirmEmail(token, by: Origin(call))
                } else {
                    try await module.users.confirmEmail(of: body.email ?? "", code: body.code ?? "", by: Origin(call))
                }
            return EmailStatus(emailVerified: true, email: user.email, pendingEmail: nil)
        }.withoutIdempotency()
    }

    private var emailStatus: Operation {
        Operation.get(
            "/api/v1/email-verification/status", "getEmailStatus", "Whether the caller's address is confirmed",
            tag: Self.tag, who: .signedIn, answer: EmailStatus.self
        ) { [module] call in
            let user = try await module.user(of: call)
            return EmailStatus(
                emailVerified: user.emailVerifiedAt != nil, email: user.email,
                pendingEmail: try await module.users.pendingEmail(of: user))
        }.openWhenLocked()
    }
}
