import JSON
import Service
import Values

/// Short messages of scopes, and phones that are proved by codes.
struct MessagingOperations {
    let door: Messaging

    var all: [Operation] { [sms, bulk, sendOTP, verifyOTP, history, analytics, templates] }

    private static let tag = "Messaging"
    private static let base = "/api/v1/messaging"

    private var sms: Operation {
        Operation.post(
            Self.base + "/sms", "sendTemplateMessage", "Send a short message of a registered text", tag: Self.tag,
            who: .permission("messaging:create"),
            problems: [
                HouseProblem.forbidden, HouseProblem.notFound, MessagingProblem.creditsInsufficient,
                MessagingProblem.variablesMismatch, MessagingProblem.smsUnavailable,
            ],
            body: TemplateMessage.self, answer: SentTemplateMessage.self
        ) { [door] call, body in
            let scope = ScopeNaming.scope(body.scopeType, body.scopeID)
            try call.caller.requireSending(as: scope)
            return try await door.send(body, from: scope, as: call.effect)
        }.askingOutside().limited(MessageOperations.limit).described(
            "The provider is asked while the caller waits. A credit a part; what is not sent costs nothing.")
    }

    private var bulk: Operation {
        Operation.post(
            Self.base + "/bulk", "sendTemplateMessages", "Send a short message of a registered text to many", tag: Self.tag,
            who: .permission("messaging:create"),
            problems: [
                HouseProblem.forbidden, HouseProblem.notFound, MessagingProblem.creditsInsufficient,
                MessagingProblem.variablesMismatch, MessagingProblem.smsUnavailable,
            ],
            body: BulkMessage.self, answer: AcceptedBulk.self, status: 202
        ) { [door] call, body in
            let scope = ScopeNaming.scope(body.scopeType, body.scopeID)
            try call.caller.requireSending(as: scope)
            let reach = try call.caller.reach("messaging:create").narrowed(to: scope ?? .platform)
            return try await door.send(body, from: scope, within: reach)
        }.limited(MessageOperations.limit).described(
            "The credits of all are set aside first, or nothing is sent. Five a second of a sender, twenty in all.")
    }

    private var sendOTP: Operation {
        Operation.post(
            Self.base + "/send-otp", "sendOTP", "Send a code to a phone", tag: Self.tag, who: .anyone,
            problems: [CodeProblem.codeTooSoon, CodeProblem.tooManyCodes], body: OTPRequest.self, answer: CodeSentView.self,
            status: 202
        ) { [door] call, body in
            CodeSentView(
                try await door.codes.send(
                    .scope, to: try Self.subject(body.phone), scope: ScopeNaming.scope(body.scopeType, body.scopeID),
                    from: call.caller.address))
        }.withoutIdempotency().described("Costs no credits. Again after a minute; five an hour.")
    }

    private var verifyOTP: Operation {
        Operation.post(
            Self.base + "/verify-otp", "verifyOTP", "Prove a phone by its code", tag: Self.tag, who: .anyone,
            problems: [CodeProblem.codeInvalid, CodeProblem.codeExpired, CodeProblem.codeLocked], body: OTPProof.self,
            answer: VerifiedPhone.self, status: 200
        ) { [door] call, body in
            let scope = ScopeNaming.scope(body.scopeType, body.scopeID)
            guard let phone = PhoneNumber(body.phone) else { throw HouseProblem.invalidInput.problem }
            try await door.codes.use(body.otp, .scope, of: .phone(phone), scope: scope)
            return VerifiedPhone(verified: true, verificationToken: door.token(for: phone, scope: scope, at: call.now))
        }.withoutIdempotency().uncompressed()
    }

    private static func subject(_ phone: String) throws -> CodeSubject {
        guard let phone = PhoneNumber(phone) else { throw HouseProblem.invalidInput.problem }
        return .phone(phone)
    }

    private var history: Operation {
        Operation.feed(
            Self.base + "/history", "listSentMessages", "Messages of a sender, the newest first", tag: Self.tag,
            who: .permission("messaging:read"), problems: [HouseProblem.forbidden, HouseProblem.notFound],
            filter: HistoryFilter.self, item: HistoryMessage.self
        ) { [door] call, filter, request in
            let condition = try Self.condition(filter, call.caller)
            let cursor: ID<Notification>? = try request.cursor.map { text in
                guard let id = UUID(text) else { throw HouseProblem.invalidInput.on("cursor") }
                return ID(id)
            }
            let rows = try await door.notifications.database.all(
                MessagingQueries.history(condition, after: cursor, limit: request.limit + 1))
            return Feed(fetched: rows, limit: request.limit) { $0.id.description }
        }.described("Of a scope, or of everybody for readers on the platform. Codes and links are hidden.")
    }

    private var analytics: Operation {
        Operation.get(
            Self.base + "/analytics", "getMessagingFigures", "What a sender has sent, by channel", tag: Self.tag,
            who: .permission("messaging:read"), problems: [HouseProblem.forbidden, HouseProblem.notFound],
            query: HistoryFilter.self, answer: MessagingFigures.self
        ) { [door] call, filter in
            let condition = try Self.condition(filter, call.caller)
            return MessagingFigures(
                channels: try await door.notifications.database.all(MessagingQueries.figures(condition)))
        }
    }

    private static func condition(_ filter: HistoryFilter, _ caller: Caller) throws -> HistoryCondition {
        let scope = ScopeNaming.scope(filter.scopeType, filter.scopeID)
        if let scope {
            try caller.require("messaging:read", on: [scope])
        } else {
            try caller.requirePlatform("messaging:read")
        }
        return HistoryCondition(scope: scope, filter: filter)
    }

    private var templates: Operation {
        Operation.list(
            Self.base + "/templates", "listMessageTemplates", "The registered texts", tag: Self.tag,
            who: .permission("messaging:read"), problems: [HouseProblem.forbidden], filter: Empty.self,
            item: DLTTemplateView.self, sort: ["type"]
        ) { [door] call, _, page in
            _ = try call.caller.reach("messaging:read")
            let views = DLTTemplate.allCases.sorted { ($0.rawValue < $1.rawValue) != page.isDescending }.map { template in
                DLTTemplateView(
                    template: template,
                    configured: door.notifications.channels.sms.choose(template, to: "+919812345678") != nil)
            }
            return Page(Array(views.dropFirst(page.offset).prefix(page.limit)), total: views.count)
        }
    }
}

extension Caller {
    /// Refuses whoever may not send in the name of the scope, or of the platform.
    fileprivate func requireSending(as scope: Scope?) throws {
        if let scope { try require("messaging:create", on: [scope]) } else { try requirePlatform("messaging:create") }
    }
}
