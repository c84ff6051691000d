import Service
import Values

/// Messages of staff to many, and the way out of them.
struct BroadcastOperations {
    let door: Notifications

    var all: [Operation] { [broadcast, list, report, unsubscribe, ask] }

    private static let tag = "Notifications"

    private var broadcast: Operation {
        Operation.post(
            "/api/v1/notifications/broadcast", "broadcast", "Tell everybody of a scope, or some of them", tag: Self.tag,
            who: .permission("messaging:manage"),
            problems: [
                HouseProblem.forbidden, HouseProblem.notFound, NotificationProblem.categoryUnknown,
                NotificationProblem.tooManyRecipients,
            ],
            body: NewBroadcast.self, answer: AcceptedBroadcast.self, status: 202
        ) { [door] call, body in
            try await door.accept(body, by: call.caller)
        }.limited(MessageOperations.limit).described(
            "Ten thousand people at the most, who are told as each has chosen: preferences, quiet hours, digest.")
    }

    private var list: Operation {
        Operation.feed(
            "/api/v1/notifications/broadcasts", "listBroadcasts", "Messages to many, the newest first", tag: Self.tag,
            who: .permission("messaging:manage"), problems: [HouseProblem.forbidden, HouseProblem.notFound],
            filter: BroadcastFilter.self, item: BroadcastView.self
        ) { [door] call, filter, request in
            let scope = ScopeNaming.scope(filter.scopeType, filter.scopeID)
            try await door.requireSight(of: scope, call.caller)
            let cursor: ID<Broadcast>? = try request.cursor.map { text in
                guard let id = UUID(text) else { throw HouseProblem.invalidInput.on("cursor") }
                return ID(id)
            }
            let rows = try await door.database.all(
                BroadcastQueries.page(scope, filter.status, after: cursor, limit: request.limit + 1))
            return Feed(fetched: rows, limit: request.limit) { $0.id.description }
        }.described("Of a scope; all of them for those who may send to the whole platform.")
    }

    private var report: Operation {
        Operation.get(
            "/api/v1/notifications/broadcasts/{id}", "getBroadcast", "One message to many, and what has become of it",
            tag: Self.tag, who: .permission("messaging:manage"), problems: [HouseProblem.forbidden, HouseProblem.notFound],
            answer: BroadcastReport.self
        ) { [door] call in
            _ = try call.caller.reach("messaging:manage")
            let id: ID<Broadcast> = try call.id()
            guard let broadcast = try await door.database.first(BroadcastQueries.one(id)) else { throw HouseProblem.notFound }
            do {
                try await door.requireSight(of: broadcast.scope, call.caller)
            } catch let problem as Problem where problem.status == 403 && broadcast.scope == nil {
                // To the whole platform: there is none for those of a scope.
                throw HouseProblem.notFound.problem
            }
            return BroadcastReport(
                broadcast: broadcast, messages: try await door.database.all(BroadcastQueries.messages(of: id)))
        }
    }

    /// Mail programs call it by themselves (RFC 8058), with a form that says no more than the address does.
    private var unsubscribe: Operation {
        .raw(
            .post, Unsubscribing.path + "/{token}", "unsubscribe", "Have no more mails of a kind, by the link of one",
            tag: Self.tag, who: .anyone, problems: [HouseProblem.notFound], success: Success(200, schema: Unsubscribed.schema)
        ) { [door] call in
            try call.answer(try await door.unsubscribe(try call.text("token")), status: 200)
        }.acceptingAnyContentType().bodyLimit(1 << 10).withoutIdempotency()
    }

    /// Whoever follows the link himself is asked first: programs that look into mails follow links, too.
    private var ask: Operation {
        .raw(
            .get, Unsubscribing.path + "/{token}", "askToUnsubscribe", "A page that asks whether no more mails are wanted",
            tag: Self.tag, who: .anyone, problems: [HouseProblem.notFound],
            success: Success(200, contentType: "text/html")
        ) { [door] call in
            guard let (_, category) = door.unsubscribing?.open(try call.text("token")) else { throw HouseProblem.notFound.problem }
            let page = """
                <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">\
                <title>No more mails</title><body><form method="post"><p>No more mails about \(Markup.escaped(category))?</p>\
                <button>No more</button></form></body></html>
                """
            var answer = Answer.text(page, type: "text/html; charset=utf-8")
            answer.fields.append(("Content-Security-Policy", "default-src 'none'; form-action 'self'; frame-ancestors 'none'"))
            return answer
        }.page()
    }
}
