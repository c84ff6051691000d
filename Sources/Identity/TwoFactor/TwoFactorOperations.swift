import Notifications
import Service
import Values

/// The second half of signing in, and whether an account asks for it.
struct TwoFactorOperations {
    let module: IdentityModule

    var all: [Operation] { [signIn, offer, confirm, end, makeCodes, codes] }

    private static let path = "/api/v1/users/me/two-factor"
    private static let codeRefusals: [any ProblemKind] = [
        CodeProblem.codeInvalid, CodeProblem.codeExpired, CodeProblem.codeLocked, SignInProblem.tooManyAttempts,
    ]

    private var signIn: Operation {
        Operation.post(
            "/api/v1/auth/two-factor", "signInBySecondFactor", "Sign in by the second of two proofs", tag: "Sign-in",
            who: .anyone,
            problems: Self.codeRefusals + [
                SignInProblem.accountSuspended, SignInProblem.accountBanned, SignInProblem.invalidCredentials,
                HouseProblem.networkRefused,
            ],
            body: TwoFactorSignIn.self, answer: SignInView.self, status: 200
        ) { [module] call, body in
            SignInView(
                try await module.signIns.goOn(body.challengeID, code: body.code, from: Origin(call)), roles: module.book)
        }.withoutIdempotency().uncompressed().openInMaintenance().described(
            "A sign-in that was answered `two_factor_required` goes on here, for ten minutes.")
    }

    private var offer: Operation {
        Operation.post(
            Self.path, "beginTwoFactor", "Begin to have a second proof asked for", tag: "Own account", who: .signedIn,
            problems: [
                UserProblem.personRequired, TwoFactorProblem.twoFactorOn, TwoFactorProblem.emailUnconfirmed,
                CodeProblem.codeTooSoon, CodeProblem.tooManyCodes,
            ],
            body: TwoFactorWish.self, answer: TwoFactorOffer.self
        ) { [module] call, body in
            _ = try call.person()
            return try await module.secondFactors.offer(body.method, to: module.user(of: call), from: Origin(call))
        }.withoutIdempotency().uncompressed().described(
            "Nothing is asked for until it is confirmed. By mail also sends the code by which it is turned off.")
    }

    private var confirm: Operation {
        Operation.post(
            Self.path + "/confirm", "confirmTwoFactor", "Have a second proof asked for from now on", tag: "Own account",
            who: .signedIn, problems: [UserProblem.personRequired, TwoFactorProblem.twoFactorOn] + Self.codeRefusals,
            body: TwoFactorProof.self, answer: UserView.self, status: 200
        ) { [module] call, body in
            _ = try call.person()
            try await module.secondFactors.confirm(
                body.code, of: module.user(of: call), from: Origin(call), by: AuditActor(call, module.book))
            return try await module.view(module.user(of: call))
        }.withoutIdempotency()
    }

    private var makeCodes: Operation {
        Operation.post(
            Self.path + "/recovery-codes", "makeRecoveryCodes", "Have new recovery codes in place of those of before",
            tag: "Own account", who: .signedIn,
            problems: [UserProblem.personRequired, UserProblem.wrongPassword, TwoFactorProblem.twoFactorOff] + Self.codeRefusals,
            body: TwoFactorFarewell.self, answer: RecoveryCodesView.self
        ) { [module] call, body in
            _ = try call.person()
            let user = try await module.user(of: call)
            try await module.users.check(body.password, of: user, from: Origin(call), field: "password")
            return RecoveryCodesView(
                codes: try await module.secondFactors.makeCodes(
                    body.code, of: user, from: Origin(call), by: AuditActor(call, module.book)))
        }.withoutIdempotency().uncompressed().described(
            "Ten, each for one sign-in without the second proof; shown this once and kept as digests.")
    }

    private var codes: Operation {
        Operation.get(
            Self.path + "/recovery-codes", "getRecoveryCodes", "How many recovery codes are left", tag: "Own account",
            who: .signedIn, problems: [UserProblem.personRequired], answer: RecoveryCodesState.self
        ) { [module] call in
            RecoveryCodesState(left: try await module.secondFactors.codesLeft(of: ID(call.person().userID)))
        }
    }

    private var end: Operation {
        Operation.command(
            .delete, Self.path, "endTwoFactor", "Have no second proof asked for any more", tag: "Own account",
            who: .signedIn,
            problems: [UserProblem.personRequired, UserProblem.wrongPassword, TwoFactorProblem.twoFactorOff] + Self.codeRefusals,
            body: TwoFactorFarewell.self
        ) { [module] call, body in
            _ = try call.person()
            let user = try await module.user(of: call)
            try await module.users.check(body.password, of: user, from: Origin(call), field: "password")
            try await module.secondFactors.end(
                body.code, of: user, from: Origin(call), by: AuditActor(call, module.book))
        }
    }
}
