import HTTP
import JSON

/// One thing that can be asked of the API, as a value: from the list of operations come the router, the OpenAPI
/// document, the permission matrix, limits, `Allow`, metric labels and the contract test.
///
/// Made by `.get`, `.list`, `.feed`, `.post`, `.action`, `.patch`, `.put`, `.delete`, `.export` and `.raw`, and refined by
/// the modifiers of `Operation+Modifiers.swift`.
package struct Operation: Sendable {
    /// What a POST does with `Idempotency-Key`.
    package enum Idempotency: Sendable { case ignored, honoured, required }

    package typealias Run = nonisolated(nonsending) @Sendable (Call) async throws -> Answer

    package let method: Method
    /// The whole path, with `/api/v1`.
    package internal(set) var path: PathTemplate
    /// Unique, camelCase: OpenAPI's `operationId`, the metric label, the key of its rate limit.
    package let id: String
    package let summary: String
    /// The heading it stands under in the documentation.
    package let tag: String
    package let access: Access
    package internal(set) var problems: [Problem]
    package let success: Success
    package var description = ""
    package var querySchema: Schema?
    package var bodySchema: Schema?
    /// A body that the operation can read; throws where its declaration leads to none.
    package var bodyExample: (@Sendable () throws -> JSONValue)?
    /// Members of `sort`, without direction.
    package var sortFields: [String] = []
    package var paging = Paging.none
    /// What a list says in `meta` about all it has, besides how many these are; nil for most.
    package var totalsSchema: Schema?
    /// Under which name: `totals`, or what the list's seed calls it.
    package var totalsName: StaticString = "totals"
    package var idempotency = Idempotency.ignored
    /// Waits for an answer from outside, which no transaction may: see `askingOutside`.
    package var asksOutside = false
    package var limit: RateLimit?
    package var isRateLimited = true
    /// Bytes of the body; nil for what the house takes.
    package var bodyLimit: Int?
    package var acceptsAnyContentType = false
    /// Bytes of a body that the handler reads while it comes; nil where it is collected first.
    package var streamLimit: Int?
    /// What the body is, where it has a schema.
    package var bodyType = "application/json"
    /// Media types of its success besides its own, which the query chooses.
    package var otherTypes: [String] = []
    /// Other statuses of success that the code may choose by `call.answerStatus`.
    package var otherStatuses: [Int] = []
    /// Works in a locked scope too (⚷).
    package var isOpenWhenLocked = false
    /// Open to guests too, and yet whoever is signed in is refused by a lock of the scope that his right comes from.
    package var refusesLocked = false
    /// Open to somebody who has to choose a new password first.
    package var isOpenBeforePasswordChange = false
    /// Open to everybody while the platform is maintained: `openInMaintenance`.
    package var servesInMaintenance = false
    /// The answer holds secrets next to what the caller sent: never compressed (BREACH).
    package var isCompressible = true
    package var cacheControl: StaticString = "no-store"
    /// Under which name, how long and for whom its answers are kept; nil for not at all.
    package var cacheRule: CacheRule?
    /// Names of kept answers that are dropped when it has run.
    package var invalidates: [CacheName] = []
    /// Seconds until the handler is given up; nil for the server's limit.
    package var deadlineSeconds: Int?
    /// A file of rows, made while it is sent.
    package var isExport = false
    /// Left out of the documentation: pages and probes.
    package var isDocumented = true
    /// A page of ours with a content security policy of its own.
    package var isPage = false
    /// How GET answers the object that this changes or deletes, for what `If-Match` names; nil where it has no GET of its
    /// own.
    var reading: Run?
    /// Answers at once, without a task and without middleware; for what cannot fail and needs nobody's permission.
    var immediate: (@Sendable () -> Answer)?
    /// How it speaks, where its contract is not the house's.
    package internal(set) var dialect: Dialect?
    var run: Run

    /// Refuses with 412 what was made on an old copy.
    package var honoursIfMatch: Bool { reading != nil }

    package enum Paging: Sendable { case none, pages, cursor }

    init(
        _ method: Method, _ path: String, _ id: String, _ summary: String, tag: String, who access: Access,
        problems: [Problem], success: Success, run: @escaping Run
    ) {
        self.method = method
        self.path = PathTemplate(path)
        self.id = id
        self.summary = summary
        self.tag = tag
        self.access = access
        self.problems = problems
        self.success = success
        self.run = run
    }
}

/// What a successful answer looks like.
package struct Success: Sendable {
    package let status: Int
    /// The schema of `data`; nil for an answer without a body or of another type.
    package let schema: Schema?
    package let isList: Bool
    /// `application/json` unless it is a page or a file.
    package let contentType: String
    /// The schema describes the whole body, not the `data` of the envelope.
    package let isBare: Bool

    package init(
        _ status: Int, schema: Schema? = nil, isList: Bool = false, contentType: String = "application/json",
        isBare: Bool = false
    ) {
        self.isBare = isBare
        self.status = status
        self.schema = schema
        self.isList = isList
        self.contentType = contentType
    }
}
