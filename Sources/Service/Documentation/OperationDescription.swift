import HTTP
import JSON
import Values

/// One operation in the terms of OpenAPI 3.1.
struct OperationDescription {
    private let operation: Operation

    init(_ operation: Operation) { self.operation = operation }

    func write(to writer: inout JSONWriter) {
        writer.member("operationId", operation.id)
        writer.member("summary", operation.summary)
        let description = [operation.description, permission].filter { !$0.isEmpty }.joined(separator: "\n\n")
        if !description.isEmpty { writer.member("description", description) }
        writer.member("tags", [operation.tag])
        if case .permission(let permission) = operation.access { writer.member("x-permission", permission.description) }
        writer.key("security")
        writer.array { security in
            if operation.access == .anyone || operation.access == .provider { security.object { _ in } }
            if operation.access != .provider { security.object { $0.member("bearer", [String]()) } }
        }
        writer.key("parameters")
        writer.array { writeParameters(&$0) }
        if let body = operation.bodySchema {
            writer.key("requestBody")
            writer.object { writer in
                writer.member("required", true)
                Self.content(operation.bodyType, &writer) { content in
                    content.member("schema", body)
                    if let example = try? operation.bodyExample?() { content.member("example", example) }
                }
            }
        }
        writer.key("responses")
        writer.object { writeResponses(&$0) }
    }

    private var permission: String {
        switch operation.access {
        case .anyone: ""
        case .signedIn: "For whoever is signed in."
        case .permission(let permission): "Needs `\(permission)` on a scope that covers the object."
        case .provider: "For a provider, who proves himself by a signature."
        }
    }

    // MARK: Parameters

    private func writeParameters(_ writer: inout JSONWriter) {
        for name in operation.path.parameters {
            let isID = name == "id" || name.hasSuffix("Id")
            parameter(name, "path", isRequired: true, Schema(.string, format: isID ? "uuid" : nil), &writer)
        }
        let query = operation.querySchema.map { $0.components[$0.name ?? ""] ?? $0 }
        for property in query?.properties ?? [] {
            parameter(property.name, "query", isRequired: property.isRequired, property.schema, &writer)
        }
        switch operation.paging {
        case .none: break
        case .pages:
            parameter("page", "query", isRequired: false, Self.integer(1, 1_000_000), &writer)
            parameter("limit", "query", isRequired: false, Self.integer(1, 100), &writer)
            var sort = Schema(.string)
            sort.cases = operation.sortFields.flatMap { [$0, "-" + $0] }
            if !operation.sortFields.isEmpty { parameter("sort", "query", isRequired: false, sort, &writer) }
        case .cursor:
            parameter("limit", "query", isRequired: false, Self.integer(1, 100), &writer)
            parameter("cursor", "query", isRequired: false, Schema(.string), &writer)
        }
        if operation.isExport {
            var format = Schema(.string)
            format.cases = ExportFormat.allCases.map(\.rawValue)
            parameter("format", "query", isRequired: false, format, &writer)
        }
        if operation.idempotency != .ignored {
            parameter(
                "Idempotency-Key", "header", isRequired: operation.idempotency == .required, Schema(.string), &writer)
        }
        if operation.honoursIfMatch {
            var tag = Schema(.string)
            tag.doc = "The ETag of the copy that the caller went by. 412 when the object is another by now."
            parameter("If-Match", "header", isRequired: false, tag, &writer)
        }
    }

    private func parameter(
        _ name: String, _ place: String, isRequired: Bool, _ schema: Schema, _ writer: inout JSONWriter
    ) {
        writer.object { writer in
            writer.member("name", name)
            writer.member("in", place)
            writer.member("required", isRequired)
            if let doc = schema.doc { writer.member("description", doc) }
            writer.member("schema", schema)
        }
    }

    private static func integer(_ least: Int, _ most: Int) -> Schema {
        var schema = Schema(.integer)
        schema.minimum = DecimalNumber(Int64(least))
        schema.maximum = DecimalNumber(Int64(most))
        return schema
    }

    // MARK: Responses

    /// Every status that the operation may answer: its successes, its own problems, and those of the house that its
    /// declaration makes possible.
    static func statuses(of operation: Operation) -> [Int: Set<String>] {
        var statuses: [Int: Set<String>] = [:]
        func add(_ problem: Problem) {
            let problem = operation.dialect?.word(problem, .english) ?? problem
            statuses[problem.status, default: []].insert(problem.code)
        }
        func add(_ problem: HouseProblem) { add(problem.problem) }
        for problem in operation.problems { add(problem) }
        add(.malformed)
        add(.internalError)
        add(.overloaded)
        add(.databaseUnavailable)
        if operation.access != .provider { add(.identityUnavailable) }
        add(.timeout)
        if operation.isRateLimited { add(.rateLimited) }
        if operation.isAdministrative { add(.networkRefused) }
        if !operation.isOpenInMaintenance { add(.maintenance) }
        if operation.needsOwnPassword, operation.dialect == nil { add(.passwordChangeRequired) }
        switch operation.access {
        case .anyone, .provider: break
        case .signedIn:
            add(.unauthorized)
            operation.dialect?.credentialProblems.forEach(add)
        case .permission:
            add(.unauthorized)
            operation.dialect?.credentialProblems.forEach(add)
            add(.forbidden)
        }
        if !operation.path.parameters.isEmpty || operation.access != .anyone { add(.notFound) }
        add(.invalidInput)
        add(ProblemReport.unknownField)
        if operation.bodySchema != nil || operation.acceptsAnyContentType {
            add(.bodyTooLarge)
            add(.unsupportedMediaType)
        }
        if !operation.method.isSafe { add(.conflict) }
        if operation.honoursIfMatch || operation.method == .get { add(.preconditionFailed) }
        if operation.idempotency != .ignored {
            add(.idempotencyInProgress)
            add(.idempotencyKeyReused)
            add(.idempotencyKeyInvalid)
        }
        if operation.idempotency == .required { add(.idempotencyKeyRequired) }
        return statuses
    }

    private func writeResponses(_ writer: inout JSONWriter) {
        for status in [operation.success.status] + operation.otherStatuses {
            writer.key(String(status))
            writer.object { writer in
                writer.member("description", "\(StatusLine.reason(status))")
                guard status < 300, status != 204 else { return }
                if operation.isExport {
                    Self.header("Content-Disposition", "The name under which the file is kept.", &writer)
                } else if operation.cacheRule != nil {
                    Self.header("X-Cache", "HIT: from memory; MISS: read now, and kept; BYPASS: not kept.", &writer)
                }
                let own = operation.success.schema.map { operation.success.isBare ? $0 : envelope($0) }
                if own == nil, operation.success.contentType == "application/json" { return }
                writer.key("content")
                writer.object { writer in
                    for type in [operation.success.contentType] + operation.otherTypes {
                        writer.key(type)
                        writer.object { content in
                            let isOwn = type == operation.success.contentType
                            content.member("schema", isOwn ? own ?? Schema(.string) : Schema(.string))
                        }
                    }
                }
            }
        }
        for (status, codes) in Self.statuses(of: operation).sorted(by: { $0.key < $1.key })
        where !operation.otherStatuses.contains(status) {
            writer.key(String(status))
            writer.object { writer in
                writer.member("description", codes.sorted().joined(separator: ", "))
                Self.content("application/problem+json", &writer) { content in
                    content.member("schema", Schema.named("Problem") { Self.problem })
                }
            }
        }
    }

    private static func header(_ name: String, _ description: String, _ writer: inout JSONWriter) {
        writer.key("headers")
        writer.object { headers in
            headers.key(name)
            headers.object { header in
                header.member("description", description)
                header.member("schema", Schema(.string))
            }
        }
    }

    private func envelope(_ data: Schema) -> Schema {
        var success = Schema(.boolean)
        success.doc = "Always true."
        var properties = [
            Schema.Property(name: "success", schema: success, isRequired: true),
            Schema.Property(
                name: "data", schema: operation.success.isList ? .array(of: data) : data, isRequired: true),
        ]
        if operation.paging != .none { properties.append(.init(name: "meta", schema: meta, isRequired: true)) }
        return .object(properties)
    }

    private var meta: Schema {
        let whole = Schema(.integer)
        var cursor = Schema(.string)
        cursor.isNullable = true
        let totals = operation.totalsSchema.map { Schema.Property(name: "\(operation.totalsName)", schema: $0, isRequired: true) }
        return .object(
            operation.paging == .pages
                ? ["page", "limit", "total", "totalPages"].map { .init(name: $0, schema: whole, isRequired: true) }
                    + (totals.map { [$0] } ?? [])
                : [
                    .init(name: "limit", schema: whole, isRequired: true),
                    .init(name: "nextCursor", schema: cursor, isRequired: true),
                ])
    }

    private static func content(
        _ type: String, _ writer: inout JSONWriter, _ body: (inout JSONWriter) -> Void
    ) {
        writer.key("content")
        writer.object { writer in
            writer.key(type)
            writer.object { body(&$0) }
        }
    }

    /// RFC 9457 with our extension members.
    static var problem: Schema {
        let text = Schema(.string)
        let error = Schema.object(
            ["field", "code", "message"].map { .init(name: $0, schema: text, isRequired: true) })
        var properties = ["type", "title", "detail", "code"].map {
            Schema.Property(name: $0, schema: text, isRequired: true)
        }
        properties.append(.init(name: "success", schema: Schema(.boolean), isRequired: true))
        properties.append(.init(name: "status", schema: Schema(.integer), isRequired: true))
        properties.append(.init(name: "requestId", schema: text, isRequired: false))
        properties.append(.init(name: "errors", schema: .array(of: error), isRequired: false))
        return .object(properties)
    }
}

extension Operation {
    /// The codes of the refusals that may be answered, by status.
    package var declaredProblems: [Int: Set<String>] { OperationDescription.statuses(of: self) }
}
