import HTTP
import JSON
import Notifications
import Service

/// Why nobody is reached in his browser.
enum PushProblem: String, ProblemKind {
    case notConfigured = "push_not_configured"

    var status: Int { 503 }
    var detail: String { "Push messages are not set up here." }
}

/// Browsers that take the board's push messages (spec 3.5): the platform's devices in the contract's words.
enum PushOperations {
    private static let base = "/api/push"
    private static let tag = "Urgent: push"

    static func all(_ notifications: Notifications) -> [Operation] {
        [
            .bare(
                .get, base + "/vapid-public-key", "getUrgentPushKey", "What a browser subscribes with", tag: tag, who: .anyone,
                problems: [PushProblem.notConfigured], answer: PushKeyView.self
            ) { _ in PushKeyView(key: try key(notifications)) },
            .bare(
                .post, base + "/subscriptions", "keepUrgentSubscription", "Have push messages come to this browser", tag: tag,
                who: .signedIn, problems: [PushProblem.notConfigured], body: SubscriptionBody.self, answer: Done.self, status: 201
            ) { call, body in
                let account = try call.urgentAccount()
                _ = try key(notifications)
                let isNew = try await notifications.keepBrowser(
                    at: body.endpoint, p256dh: body.keys.p256dh, auth: body.keys.auth, named: call.userAgent, of: account)
                if !isNew { call.answerStatus = 200 }
                return Done()
            }.alsoAnswers(200).described("200 for one that is known: it is the caller's now, whoever had it."),
            .bareCommand(
                .delete, base + "/subscriptions", "dropUrgentSubscription", "Have no more push messages come to a browser",
                tag: tag, who: .signedIn, problems: [PushProblem.notConfigured], body: EndpointBody.self
            ) { call, body in
                let account = try call.urgentAccount()
                _ = try key(notifications)
                try await notifications.dropBrowser(at: body.endpoint, of: account)
            }.described("Also 204 for one that is not known."),
        ]
    }

    private static func key(_ notifications: Notifications) throws -> String {
        guard let key = notifications.webPushKey else { throw PushProblem.notConfigured }
        return key
    }
}
