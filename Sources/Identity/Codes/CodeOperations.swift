import JSON
import Notifications
import Service
import Values

/// Signing in by a code, and proving one's phone.
struct CodeOperations {
    let module: IdentityModule
    let door: CodeSignIns

    var all: [Operation] { [ask, verify, askForPhone, confirmPhone] }

    private var ask: Operation {
        Operation.post(
            "/api/v1/auth/codes", "askForCode", "Have a code sent to sign in by", tag: "Sign-in", who: .anyone,
            problems: [CodeProblem.codeTooSoon, CodeProblem.tooManyCodes], body: CodeWish.self, answer: CodeSentView.self,
            status: 202
        ) { [door] call, body in
            let subject = CodeSubject(try Account(email: body.email, phone: body.phone))
            return CodeSentView(try await door.ask(subject, from: Origin(call)))
        }.withoutIdempotency().described("The same answer whether the address is known or not.")
    }

    private var verify: Operation {
        Operation.post(
            "/api/v1/auth/codes/verify", "signInByCode", "Sign in by a code", tag: "Sign-in", who: .anyone,
            problems: [
                CodeProblem.codeInvalid, CodeProblem.codeExpired, CodeProblem.codeLocked, SignInProblem.accountSuspended,
                SignInProblem.accountBanned, SignInProblem.registrationClosed, SignInProblem.invalidCredentials,
                HouseProblem.networkRefused, UserProblem.emailTaken, UserProblem.phoneTaken, TwoFactorProblem.twoFactorRequired,
                TwoFactorProblem.emailUnconfirmed, CodeProblem.tooManyCodes,
            ],
            body: CodeSignIn.self, answer: SignInView.self, status: 200
        ) { [door, module] call, body in
            let subject = CodeSubject(try Account(email: body.email, phone: body.phone))
            return SignInView(try await door.signIn(body, as: subject, from: Origin(call)), roles: module.book)
        }.withoutIdempotency().uncompressed().described("An address that nobody has becomes an account.")
    }

    private var askForPhone: Operation {
        Operation.post(
            "/api/v1/users/me/phone", "changeMyPhone", "Have a code sent by which another number takes the place of this",
            tag: "Own account", who: .signedIn,
            problems: [
                UserProblem.personRequired, UserProblem.wrongPassword, UserProblem.phoneTaken, SignInProblem.tooManyAttempts,
                CodeProblem.codeTooSoon, CodeProblem.tooManyCodes,
            ],
            body: PhoneWish.self, answer: CodeSentView.self, status: 202
        ) { [door] call, body in
            let id = ID<User>(try call.person().userID)
            guard let phone = PhoneNumber(body.phone) else { throw HouseProblem.invalidInput.problem }
            return CodeSentView(try await door.askForPhone(phone, of: id, password: body.password, from: Origin(call)))
        }.withoutIdempotency()
    }

    private var confirmPhone: Operation {
        Operation.post(
            "/api/v1/users/me/phone/verify", "verifyMyPhone", "Confirm a number by the code sent to it", tag: "Own account",
            who: .signedIn,
            problems: [
                UserProblem.personRequired, UserProblem.phoneTaken, CodeProblem.codeInvalid, CodeProblem.codeExpired,
                CodeProblem.codeLocked,
            ],
            body: PhoneProof.self, answer: UserView.self, status: 200
        ) { [door, module] call, body in
            let id = ID<User>(try call.person().userID)
            let user = try await door.confirmPhone(body.code, of: id, by: AuditActor(call, module.book))
            return try await module.view(user)
        }.withoutIdempotency()
    }
}
