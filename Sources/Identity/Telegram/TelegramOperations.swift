import Notifications
import Service
import Values

/// Signing in by Telegram, and an account's link to it.
struct TelegramOperations {
    let module: IdentityModule
    let door: TelegramAccounts

    var all: [Operation] { [signIn, link, unlink] }

    private var signIn: Operation {
        Operation.post(
            "/api/v1/auth/telegram", "signInByTelegram", "Sign in by what Telegram says of oneself", tag: "Sign-in",
            who: .anyone,
            problems: [
                TelegramProblem.initDataInvalid, TelegramProblem.initDataExpired, TelegramProblem.botUnknown,
                SignInProblem.accountSuspended, SignInProblem.accountBanned, SignInProblem.registrationClosed,
                SignInProblem.invalidCredentials, HouseProblem.networkRefused, TwoFactorProblem.twoFactorRequired,
                CodeProblem.tooManyCodes, TwoFactorProblem.emailUnconfirmed,
            ],
            body: TelegramSignIn.self, answer: SignInView.self, status: 200
        ) { [door, module] call, body in
            SignInView(try await door.signIn(body, from: Origin(call)), roles: module.book)
        }.withoutIdempotency().uncompressed().described(
            "For Mini Apps of our bots and pages with their sign-in button. A person who is new gets an account.")
    }

    private var link: Operation {
        Operation.post(
            "/api/v1/users/me/telegram-link", "linkMyTelegram", "A link to a bot, by which it learns whose account one has",
            tag: "Own account", who: .signedIn, problems: [UserProblem.personRequired, TelegramProblem.botUnknown],
            body: TelegramWish.self, answer: TelegramLinkView.self
        ) { [door] call, body in
            try await door.offerLink(body.bot, to: ID(try call.person().userID))
        }.withoutIdempotency().uncompressed().described("Works for a quarter of an hour; the newest only.")
    }

    private var unlink: Operation {
        Operation.delete(
            "/api/v1/users/me/telegram-link", "unlinkMyTelegram", "End the account's link to Telegram", tag: "Own account",
            who: .signedIn,
            problems: [UserProblem.personRequired, TelegramProblem.notLinked, TelegramProblem.lastWayIn]
        ) { [door, module] call in
            try await door.unlink(ID(try call.person().userID), by: AuditActor(call, module.book))
        }
    }
}
