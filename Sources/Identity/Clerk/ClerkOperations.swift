import HTTP
import Service
import Values

/// Refusals of what claims to come from Clerk.
package enum ClerkProblem: String, ProblemKind {
    case signatureInvalid = "signature_invalid"

    package var status: Int { 401 }
    package var detail: String { "The signature does not fit this body, or it is too old." }
}

/// Where Clerk tells what became of people.
struct ClerkOperations {
    /// Nil where no instance is named.
    let door: ClerkAccounts?

    var all: [Operation] { [receive] }

    private var receive: Operation {
        .raw(
            .post, "/api/v1/webhooks/clerk", "receiveClerkEvents", "An event of Clerk, signed by Svix", tag: "Sign-in",
            who: .provider, problems: [ClerkProblem.signatureInvalid], success: Success(200)
        ) { [door] call in
            guard let door, let signature = door.service.webhooks else { throw HouseProblem.notFound.problem }
            let body = Array(call.body)
            let id = call.field("svix-id") ?? ""
            guard
                signature.isGenuine(
                    body, id: id, timestamp: call.field("svix-timestamp") ?? "", signatures: call.field("svix-signature") ?? "",
                    at: call.now)
            else { throw ClerkProblem.signatureInvalid }
            try await door.hear(ClerkEvent(id: id, body: body))
            return .json(Array("{\"received\":true}".utf8))
        }.unlimited().acceptingAnyContentType().bodyLimit(256 << 10).withoutIdempotency()
            .described(
                "`user.created`, `user.updated` and `user.deleted` change accounts, each once; others are taken and change nothing. "
                    + "Without CLERK_WEBHOOK_SECRET there is no such path.")
    }
}
