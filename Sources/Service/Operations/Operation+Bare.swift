import HTTP
import JSON

/// Operations of a contract that knows no envelope: what they answer is the body as it is.
extension Operation {
    /// Reads something, or does something with what the path names; a body that is sent along means nothing.
    package static func bare<Output: Answerable>(
        _ method: Method, _ path: String, _ id: String, _ summary: String, tag: String, who: Access,
        problems: [any ProblemKind] = [], answer: Output.Type = Output.self, status: Int = 200,
        run: nonisolated(nonsending) @escaping @Sendable (Call) async throws -> Output
    ) -> Operation {
        Operation(
            method, path, id, summary, tag: tag, who: who, problems: problems.map(\.problem),
            success: Success(status, schema: Output.schema, isBare: true)
        ) { call in
            call.answerBare(try await run(call), status: status)
        }
    }

    /// The same with parameters in the query.
    package static func bare<Query: Shaped, Output: Answerable>(
        _ path: String, _ id: String, _ summary: String, tag: String, who: Access, problems: [any ProblemKind] = [],
        query: Query.Type, answer: Output.Type = Output.self,
        run: nonisolated(nonsending) @escaping @Sendable (Call, Query) async throws -> Output
    ) -> Operation {
        Operation(
            .get, path, id, summary, tag: tag, who: who, problems: problems.map(\.problem),
            success: Success(200, schema: Output.schema, isBare: true)
        ) { call in
            let query: Query = try call.query()
            return call.answerBare(try await run(call, query), status: 200)
        }.with { $0.querySchema = Query.schema }
    }

    /// Makes or changes something by what the body says; no body at all is an object without members.
    package static func bare<Body: Shaped, Output: Answerable>(
        _ method: Method, _ path: String, _ id: String, _ summary: String, tag: String, who: Access,
        problems: [any ProblemKind] = [], body: Body.Type, answer: Output.Type = Output.self, status: Int = 200,
        run: nonisolated(nonsending) @escaping @Sendable (Call, Body) async throws -> Output
    ) -> Operation {
        Operation(
            method, path, id, summary, tag: tag, who: who, problems: problems.map(\.problem),
            success: Success(status, schema: Output.schema, isBare: true)
        ) { call in
            let body: Body = try call.decodeBody()
            return call.answerBare(try await run(call, body), status: status)
        }.with {
            $0.bodySchema = Body.schema
            $0.bodyExample = Body.example
        }
    }

    /// Does something with what the path names and answers 204; a body that is sent along means nothing.
    package static func bareCommand(
        _ method: Method, _ path: String, _ id: String, _ summary: String, tag: String, who: Access,
        problems: [any ProblemKind] = [], run: nonisolated(nonsending) @escaping @Sendable (Call) async throws -> Void
    ) -> Operation {
        Operation(
            method, path, id, summary, tag: tag, who: who, problems: problems.map(\.problem), success: Success(204)
        ) { call in
            try await run(call)
            return Answer(status: 204)
        }
    }

    /// The same by what a body says.
    package static func bareCommand<Body: Shaped>(
        _ method: Method, _ path: String, _ id: String, _ summary: String, tag: String, who: Access,
        problems: [any ProblemKind] = [], body: Body.Type,
        run: nonisolated(nonsending) @escaping @Sendable (Call, Body) async throws -> Void
    ) -> Operation {
        bareCommand(method, path, id, summary, tag: tag, who: who, problems: problems) { call in
            let body: Body = try call.decodeBody()
            try await run(call, body)
        }.with {
            $0.bodySchema = Body.schema
            $0.bodyExample = Body.example
        }
    }
}

extension Call {
    /// A value as it is, without the envelope.
    package func answerBare<Output: Answerable>(_ output: Output, status: Int) -> Answer {
        let buffer = takeBuffer()
        output.write(to: &buffer.writer)
        return Answer(status: answerStatus ?? status, content: .json(buffer))
    }
}
