import HTTP
import JSON

extension Operation {
    /// Reads one object. The answer carries an `ETag`; `If-None-Match` is answered 304.
    package static func get<Output: Answerable>(
        _ path: String, _ id: String, _ summary: String, tag: String, who: Access, problems: [any ProblemKind] = [],
        answer: Output.Type = Output.self,
        run: nonisolated(nonsending) @escaping @Sendable (Call) async throws -> Output
    ) -> Operation {
        Operation(
            .get, path, id, summary, tag: tag, who: who, problems: problems.map(\.problem),
            success: Success(200, schema: Output.schema)
        ) { call in
            try call.noQuery()
            return try call.answer(try await run(call), status: 200)
        }
    }

    /// Reads one object, with parameters in the query.
    package static func get<Query: Shaped, Output: Answerable>(
        _ path: String, _ id: String, _ summary: String, tag: String, who: Access, problems: [any ProblemKind] = [],
        query: Query.Type, answer: Output.Type = Output.self,
        run: nonisolated(nonsending) @escaping @Sendable (Call, Query) async throws -> Output
    ) -> Operation {
        Operation(
            .get, path, id, summary, tag: tag, who: who, problems: problems.map(\.problem),
            success: Success(200, schema: Output.schema)
        ) { call in
            let query: Query = try call.query()
            return try call.answer(try await run(call, query), status: 200)
        }.with { $0.querySchema = Query.schema }
    }

    /// A list with numbered pages: `page`, `limit` (1 to 100), `sort`, and the members of `filter`.
    ///
    /// - Parameter sort: the members one may sort by; the first is the default, with `-` for descending.
    package static func list<Filter: Shaped, Item: Answerable>(
        _ path: String, _ id: String, _ summary: String, tag: String, who: Access, problems: [any ProblemKind] = [],
        filter: Filter.Type, item: Item.Type = Item.self, sort: [String], totals: Schema? = nil,
        totalsName: StaticString = "totals",
        run: nonisolated(nonsending) @escaping @Sendable (Call, Filter, PageRequest) async throws -> Page<Item>
    ) -> Operation {
        Operation(
            .get, path, id, summary, tag: tag, who: who, problems: problems.map(\.problem),
            success: Success(200, schema: Item.schema, isList: true)
        ) { call in
            let (filter, page): (Filter, PageRequest) = try call.pageQuery(sort: sort)
            return try call.answer(try await run(call, filter, page), of: page)
        }.with {
            $0.querySchema = Filter.schema
            $0.paging = .pages
            $0.totalsSchema = totals
            $0.totalsName = totalsName
            $0.sortFields = sort.map { $0.hasPrefix("-") ? String($0.dropFirst()) : $0 }
        }
    }

    /// A feed or large table, newest first: `limit` and an opaque `cursor`.
    package static func feed<Filter: Shaped, Item: Answerable>(
        _ path: String, _ id: String, _ summary: String, tag: String, who: Access, problems: [any ProblemKind] = [],
        filter: Filter.Type, item: Item.Type = Item.self, defaultLimit: Int = 20,
        run: nonisolated(nonsending) @escaping @Sendable (Call, Filter, CursorRequest) async throws -> Feed<Item>
    ) -> Operation {
        Operation(
            .get, path, id, summary, tag: tag, who: who, problems: problems.map(\.problem),
            success: Success(200, schema: Item.schema, isList: true)
        ) { call in
            let (filter, request): (Filter, CursorRequest) = try call.cursorQuery(defaultLimit: defaultLimit)
            return try call.answer(try await run(call, filter, request), of: request)
        }.with {
            $0.querySchema = Filter.schema
            $0.paging = .cursor
        }
    }

    /// Anything that is not JSON in the envelope: pages, files, provider webhooks, bare documents.
    package static func raw(
        _ method: Method, _ path: String, _ id: String, _ summary: String, tag: String, who: Access,
        problems: [any ProblemKind] = [], success: Success, query: Schema? = nil,
        run: nonisolated(nonsending) @escaping @Sendable (Call) async throws -> Answer
    ) -> Operation {
        Operation(
            method, path, id, summary, tag: tag, who: who, problems: problems.map(\.problem), success: success, run: run
        ).with { $0.querySchema = query }
    }
}
