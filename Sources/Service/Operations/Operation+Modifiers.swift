import JSON
import Postgres

extension Operation {
    /// A paragraph for the documentation.
    package func described(_ text: String) -> Operation { with { $0.description = text } }

    /// A limit of its own beside the house's. Operations with a limit of one name share its count.
    package func limited(_ limit: RateLimit) -> Operation { with { $0.limit = limit } }

    /// Not counted at all: probes and providers' webhooks.
    package func unlimited() -> Operation { with { $0.isRateLimited = false } }

    /// Money moves: an Idempotency-Key is required.
    package func movingMoney() -> Operation { with { $0.idempotency = .required } }

    /// The handler asks somebody outside, and nothing takes that back: its key is claimed and committed before it runs, it
    /// runs in no transaction, and its answer is kept afterwards. What it begins it commits under `call.effect.id` before
    /// anybody outside hears of it; a repetition after a crash comes with the same effect and goes on with it.
    package func askingOutside() -> Operation { with { $0.asksOutside = true } }

    /// The handler must not run inside one transaction, so a key is not honoured.
    package func withoutIdempotency() -> Operation { with { $0.idempotency = .ignored } }

    package func bodyLimit(_ bytes: Int) -> Operation { with { $0.bodyLimit = bytes } }

    /// Takes a body of any content type: webhooks, uploads, forms.
    package func acceptingAnyContentType() -> Operation { with { $0.acceptsAnyContentType = true } }

    /// May also succeed with these statuses, chosen by `call.answerStatus`.
    package func alsoAnswers(_ statuses: Int...) -> Operation { with { $0.otherStatuses = statuses } }

    /// May also answer as these media types, where the query asks for them.
    package func alsoAs(_ types: String...) -> Operation { with { $0.otherTypes = types } }

    /// May also refuse with these: what a product's gates answer.
    package func refusing(_ kinds: [any ProblemKind]) -> Operation { with { $0.problems += kinds.map(\.problem) } }

    /// Works in a locked scope for whoever has a right there. Where only the owner of an object is to go on, this is left
    /// out: his way asks for no permission, and so for no lock.
    package func openWhenLocked() -> Operation { with { $0.isOpenWhenLocked = true } }

    /// Open to guests who can prove something, while locks refuse whoever is signed in as anywhere else.
    package func refusingLocked() -> Operation { with { $0.refusesLocked = true } }

    /// For somebody, too, who has to choose a new password first. What is open to guests is open to him as it is.
    package func openBeforePasswordChange() -> Operation { with { $0.isOpenBeforePasswordChange = true } }

    /// Takes a form with files, which the handler reads while it comes (`exchange.nextBodyChunk`), for at most ten minutes.
    /// Its key is not honoured: the body is not known before it has been stored.
    ///
    /// - Parameter limit: bytes of the whole body; beyond it 413 before it is read.
    package func uploading<Form: Shaped>(_ form: Form.Type, limit: Int) -> Operation {
        with {
            $0.bodySchema = Form.schema
            $0.bodyExample = Form.example
            $0.bodyType = "multipart/form-data"
            $0.acceptsAnyContentType = true
            $0.streamLimit = limit
            $0.idempotency = .ignored
            $0.deadlineSeconds = 600
        }
    }

    /// For everybody while the platform is maintained, too: by what staff sign in, what an application begins with.
    package func openInMaintenance() -> Operation { with { $0.servesInMaintenance = true } }

    package func uncompressed() -> Operation { with { $0.isCompressible = false } }

    package func cached(_ control: StaticString) -> Operation { with { $0.cacheControl = control } }

    /// Keeps answers of a GET in memory under a name such as `payment:{id}`; see `CacheRule`. Clients may keep a copy, too,
    /// which they ask about each time: a write is seen at once.
    package func cached(
        as name: String, for lifetime: Duration? = nil, audience: CacheRule.Audience = .caller
    ) -> Operation {
        precondition(method == .get, "\(id): what changes something is not kept")
        let rule = CacheRule(CacheName(name, in: path), for: lifetime, audience: audience)
        return with {
            $0.cacheRule = rule
            $0.cacheControl = audience == .everyone ? "public, no-cache" : "private, no-cache"
        }
    }

    /// Drops what is kept under these names, `payments:user:{caller}`, or `payments:*` with all that begins so, on every
    /// instance, once it has run: for what nothing but operations changes. A door that changes it in other ways, too, drops
    /// it in the transaction of the change.
    package func invalidating(_ names: String...) -> Operation {
        let names = names.map { CacheName($0, in: path) }
        return with { $0.invalidates += names }
    }

    /// Something to be done here, at once, when it has run, whatever came of it: before its answer is sent, and after what it has
    /// written has been committed.
    package func afterwards(in database: Database, _ action: @escaping @Sendable () -> Void) -> Operation {
        let run = run
        return with {
            $0.run = { call in
                defer { if database.isInTransaction { database.afterCommit(action) } else { action() } }
                return try await run(call)
            }
        }
    }

    /// More or less time than the server's limit for handlers.
    package func deadline(seconds: Int) -> Operation { with { $0.deadlineSeconds = seconds } }

    package func undocumented() -> Operation { with { $0.isDocumented = false } }

    /// Speaks as a contract that is not the house's wants it.
    package func speaking(_ dialect: Dialect) -> Operation {
        with {
            $0.dialect = dialect
            $0.bodyLimit = $0.bodyLimit ?? dialect.bodyLimit
        }
    }

    /// The same where the clients of its contract look for it: one of a path below `prefix` stands below `other` instead.
    package func moved(from prefix: String, to other: String) -> Operation {
        guard path.text.hasPrefix(prefix + "/") else { return self }
        return with { $0.path = PathTemplate(other + path.text.dropFirst(prefix.count)) }
    }

    /// A page that sets its own content security policy.
    package func page() -> Operation { with { $0.isPage = true } }

    /// Answers without a task and without middleware.
    func immediate(_ answer: @escaping @Sendable () -> Answer) -> Operation { with { $0.immediate = answer } }

    /// May be refused because a product has closed the scope that the caller's right comes from.
    var meetsGates: Bool {
        switch access {
        case .anyone: refusesLocked
        case .provider: false
        case .signedIn, .permission: !isOpenWhenLocked
        }
    }

    /// Refuses whoever has to choose a new password first.
    var needsOwnPassword: Bool {
        switch access {
        case .anyone, .provider: false
        case .signedIn, .permission: !isOpenBeforePasswordChange
        }
    }

    /// Beside what says so, providers' webhooks and what is no part of an API: probes, pages, keys, a contract's root.
    var isOpenInMaintenance: Bool {
        let isOfAPI = path.text.hasPrefix("/api/") || dialect != nil && path.text != "/"
        return servesInMaintenance || access == .provider || !isOfAPI
    }

    func with(_ change: (inout Operation) -> Void) -> Operation {
        var copy = self
        change(&copy)
        return copy
    }
}
