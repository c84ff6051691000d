import HTTP
import JSON

extension Operation {
    /// Creates something, or does something with a body. 201 with `Location` when `location` is given.
    package static func post<Body: Shaped, Output: Answerable>(
        _ path: String, _ id: String, _ summary: String, tag: String, who: Access, problems: [any ProblemKind] = [],
        body: Body.Type, answer: Output.Type = Output.self, status: Int = 201,
        location: (@Sendable (Output) -> String)? = nil,
        run: nonisolated(nonsending) @escaping @Sendable (Call, Body) async throws -> Output
    ) -> Operation {
        write(
            .post, path, id, summary, tag, who, problems, status: status, location: location, run: run
        ).with { $0.idempotency = .honoured }
    }

    /// Does something with the object that the path names, without a body: `POST /polls/{id}/close`.
    package static func action<Output: Answerable>(
        _ path: String, _ id: String, _ summary: String, tag: String, who: Access, problems: [any ProblemKind] = [],
        method: Method = .post, answer: Output.Type = Output.self, status: Int = 200,
        run: nonisolated(nonsending) @escaping @Sendable (Call) async throws -> Output
    ) -> Operation {
        Operation(
            method, path, id, summary, tag: tag, who: who, problems: problems.map(\.problem),
            success: Success(status, schema: Output.schema)
        ) { call in
            try call.noQuery()
            try call.noBody()
            return try call.answer(try await run(call), status: status)
        }.with { $0.idempotency = method == .post ? .honoured : .ignored }
    }

    /// Changes what the body names. Where the path has a GET too, `If-Match` is honoured: the handler asks
    /// `caller.checkMatch()` under the object's lock.
    package static func patch<Body: Shaped, Output: Answerable>(
        _ path: String, _ id: String, _ summary: String, tag: String, who: Access, problems: [any ProblemKind] = [],
        body: Body.Type, answer: Output.Type = Output.self,
        run: nonisolated(nonsending) @escaping @Sendable (Call, Body) async throws -> Output
    ) -> Operation {
        write(.patch, path, id, summary, tag, who, problems, status: 200, location: nil, run: run)
    }

    /// Where a seed names PUT: changes what the body names, like PATCH.
    package static func put<Body: Shaped, Output: Answerable>(
        _ path: String, _ id: String, _ summary: String, tag: String, who: Access, problems: [any ProblemKind] = [],
        body: Body.Type, answer: Output.Type = Output.self,
        run: nonisolated(nonsending) @escaping @Sendable (Call, Body) async throws -> Output
    ) -> Operation {
        write(.put, path, id, summary, tag, who, problems, status: 200, location: nil, run: run)
    }

    /// A change with a body that is answered 204.
    package static func command<Body: Shaped>(
        _ method: Method, _ path: String, _ id: String, _ summary: String, tag: String, who: Access,
        problems: [any ProblemKind] = [], body: Body.Type,
        run: nonisolated(nonsending) @escaping @Sendable (Call, Body) async throws -> Void
    ) -> Operation {
        Operation(
            method, path, id, summary, tag: tag, who: who, problems: problems.map(\.problem), success: Success(204)
        ) { call in
            try call.noQuery()
            let body: Body = try call.decodeBody()
            try await run(call, body)
            return Answer(status: 204)
        }.with {
            $0.bodySchema = Body.schema
            $0.bodyExample = Body.example
            $0.idempotency = method == .post ? .honoured : .ignored
        }
    }

    /// Deletes the object that the path names: 204. `If-Match` as with `patch`.
    package static func delete(
        _ path: String, _ id: String, _ summary: String, tag: String, who: Access, problems: [any ProblemKind] = [],
        run: nonisolated(nonsending) @escaping @Sendable (Call) async throws -> Void
    ) -> Operation {
        Operation(
            .delete, path, id, summary, tag: tag, who: who, problems: problems.map(\.problem), success: Success(204)
        ) { call in
            try call.noQuery()
            try await run(call)
            return Answer(status: 204)
        }
    }

    /// Deletes what the query selects, and answers how much that was: 200, unlike other deletions.
    package static func clean<Query: Shaped, Output: Answerable>(
        _ path: String, _ id: String, _ summary: String, tag: String, who: Access, problems: [any ProblemKind] = [],
        query: Query.Type, answer: Output.Type = Output.self,
        run: nonisolated(nonsending) @escaping @Sendable (Call, Query) async throws -> Output
    ) -> Operation {
        Operation(
            .delete, path, id, summary, tag: tag, who: who, problems: problems.map(\.problem),
            success: Success(200, schema: Output.schema)
        ) { call in
            let query: Query = try call.query()
            try call.noBody()
            return try call.answer(try await run(call, query), status: 200)
        }.with { $0.querySchema = Query.schema }
    }

    private static func write<Body: Shaped, Output: Answerable>(
        _ method: Method, _ path: String, _ id: String, _ summary: String, _ tag: String, _ who: Access,
        _ problems: [any ProblemKind], status: Int, location: (@Sendable (Output) -> String)?,
        run: nonisolated(nonsending) @escaping @Sendable (Call, Body) async throws -> Output
    ) -> Operation {
        Operation(
            method, path, id, summary, tag: tag, who: who, problems: problems.map(\.problem),
            success: Success(status, schema: Output.schema)
        ) { call in
            try call.noQuery()
            let body: Body = try call.decodeBody()
            let output = try await run(call, body)
            if let location { call.setField("Location", location(output)) }
            return try call.answer(output, status: status)
        }.with {
            $0.bodySchema = Body.schema
            $0.bodyExample = Body.example
        }
    }
}
