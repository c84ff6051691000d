import Crypto
import HTTP
import JSON
import Notifications
import Runtime
import Service
import Values

/// Signing in, going on, and ending it.
struct SignInOperations {
    let module: IdentityModule

    var all: [Operation] {
        [register] + [login, staffLogin, refresh, logout, verify].map { $0.openInMaintenance() } + [keySet, list, end]
    }

    private static let tag = "Sign-in"

    /// The problems that every sign-in by password reports.
    private static let refusals: [any ProblemKind] = [
        SignInProblem.invalidCredentials, SignInProblem.accountSuspended, SignInProblem.accountBanned,
        SignInProblem.tooManyAttempts, HouseProblem.networkRefused, TwoFactorProblem.twoFactorRequired,
        TwoFactorProblem.emailUnconfirmed, CodeProblem.codeInvalid, CodeProblem.codeExpired, CodeProblem.codeLocked,
        CodeProblem.tooManyCodes,
    ]

    /// Answers hold secrets: they are neither stored for an Idempotency-Key nor compressed.
    private func secret(_ operation: Operation) -> Operation { operation.withoutIdempotency().uncompressed() }

    private var register: Operation {
        secret(
            .post(
                "/api/v1/auth/register", "register", "Make an account and sign in", tag: Self.tag, who: .anyone,
                problems: [
                    SignInProblem.registrationClosed, SignInProblem.emailTaken, SignInProblem.termsNotAccepted,
                    UserProblem.phoneTaken, CodeProblem.codeTooSoon, CodeProblem.tooManyCodes,
                ],
                body: Registration.self, answer: RegistrationAnswer.self
            ) { [module] call, body in
                let isOpen = module.options.isRegistrationOpen()
                if let phone = body.phone {
                    guard let phone = PhoneNumber(phone) else { throw HouseProblem.invalidInput.on("phone") }
                    guard let door = module.codeSignIns else { throw SignInProblem.registrationClosed.problem }
                    call.answerStatus = 202
                    return .codeSent(
                        CodeSentView(try await door.register(body, phone, isOpen: isOpen, from: Origin(call))))
                }
                let signedIn = try await module.users.register(body, isOpen: isOpen, from: Origin(call))
                return .signedIn(SignInView(signedIn, roles: module.book))
            }
        ).alsoAnswers(202).limited(RateLimit("register", 10, perSeconds: 900)).described(
            "By e-mail one is signed in at once. By phone a code is sent, and /auth/codes/verify signs in.")
    }

    private var login: Operation {
        secret(
            .post(
                "/api/v1/auth/login", "login", "Sign in by password", tag: Self.tag, who: .anyone,
                problems: Self.refusals, body: Credentials.self, answer: SignInView.self, status: 200
            ) { [module] call, body in
                let account = try Account(email: body.email, phone: body.phone)
                let signedIn = try await module.signIns.signIn(
                    account, password: body.password, code: body.twoFactorCode, staffOnly: false, from: Origin(call))
                return SignInView(signedIn, roles: module.book)
            })
    }

    private var staffLogin: Operation {
        secret(
            .post(
                "/api/v1/auth/admin/login", "adminLogin", "Sign in as a member of the platform's staff", tag: Self.tag,
                who: .anyone, problems: Self.refusals, body: StaffCredentials.self,
                answer: SignInView.self, status: 200
            ) { [module] call, body in
                guard module.options.admitsStaff(from: call.caller.address) else {
                    throw HouseProblem.networkRefused.problem
                }
                let account = try Account(email: body.email, phone: nil)
                let signedIn = try await module.signIns.signIn(
                    account, password: body.password, code: body.twoFactorCode, staffOnly: true, from: Origin(call))
                return SignInView(signedIn, roles: module.book)
            })
    }

    private var refresh: Operation {
        secret(
            .post(
                "/api/v1/auth/refresh", "refresh", "Exchange a refresh token for its successor", tag: Self.tag,
                who: .anyone, problems: [SignInProblem.tokenInvalid, HouseProblem.networkRefused], body: RefreshBody.self, answer: SignInView.self,
                status: 200
            ) { [module] call, body in
                SignInView(try await module.signIns.refresh(body.refreshToken, from: Origin(call)), roles: module.book)
            }
        ).limited(RateLimit("refresh", 10, perSeconds: 60)).openWhenLocked()
    }

    private var logout: Operation {
        Operation.post(
            "/api/v1/auth/logout", "logout", "End this sign-in, or all of the user's", tag: Self.tag, who: .anyone,
            body: SignOutBody.self, answer: SignedOut.self, status: 200
        ) { [module] call, body in
            let count = try await module.signIns.signOut(
                refreshToken: body.refreshToken, principal: call.caller.principal, everywhere: body.everywhere ?? false,
                from: Origin(call))
            return SignedOut(revoked: count)
        }.openWhenLocked()
    }

    private var verify: Operation {
        secret(
            .post(
                "/api/v1/auth/verify", "verifyToken", "Say whether an access token holds", tag: Self.tag, who: .anyone,
                problems: [SignInProblem.tokenInvalid], body: VerifyBody.self, answer: VerifiedToken.self, status: 200
            ) { [module] call, body in
                let principal =
                    if let token = body.token {
                        try await module.authenticator.authenticate(token, on: call.loop, at: call.now)
                    } else {
                        call.caller.principal
                    }
                guard let principal, let user = try await module.users.find(ID(principal.userID)) else {
                    throw SignInProblem.tokenInvalid.problem
                }
                let leeway = principal.kind == .user ? AccessClaims.leeway : .zero
                return VerifiedToken(
                    valid: true, user: try await module.view(user), expiresAt: principal.expiresAt - leeway)
            }
        ).openWhenLocked()
    }

    /// RFC 7517, section 5: a bare key set, outside of the envelope.
    private var keySet: Operation {
        Operation.raw(
            .get, "/.well-known/jwks.json", "getKeySet", "The keys that verify access tokens", tag: Self.tag,
            who: .anyone, success: Success(200, schema: KeySet.schema, isBare: true)
        ) { [module] _ in
            .json(KeySet(keys: try await module.keys.current().jwks.map { KeyView(key: $0) }).jsonBytes)
        }.cached("public, max-age=300")
    }

    private var list: Operation {
        Operation.list(
            "/api/v1/users/me/sign-ins", "listSignIns", "The caller's own live sign-ins", tag: Self.tag, who: .signedIn,
            problems: [UserProblem.personRequired], filter: Empty.self, item: LiveFamilyView.self, sort: ["-createdAt"]
        ) { [module] call, _, page in
            let person = try call.person()
            let families = try await module.signIns.live(of: ID(person.userID)).map {
                LiveFamilyView($0, current: person.sessionID)
            }
            return Page(sorted: families, page) { $0.createdAt < $1.createdAt }
        }.openWhenLocked()
    }

    private var end: Operation {
        Operation.delete(
            "/api/v1/users/me/sign-ins/{id}", "endSignIn", "End one of the caller's own sign-ins", tag: Self.tag,
            who: .signedIn, problems: [UserProblem.personRequired]
        ) { [module] call in
            let person = try call.person()
            guard try await module.signIns.end(call.id(), of: ID(person.userID), by: AuditActor(call, module.book)) else {
                throw HouseProblem.notFound.problem
            }
        }.openWhenLocked()
    }
}
