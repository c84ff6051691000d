import HTTP
import JSON
import Postgres
import Runtime
import Values

/// From whatever was thrown to what the client may know of it.
package enum ProblemReport {
    /// Whether the error is a bug or an outage, to be logged with its cause, rather than an answer.
    static func isFault(_ error: any Error) -> Bool { problem(for: error).status >= 500 }

    /// Whether a rule of the database was violated that no module had foreseen: the client hears of a conflict, the operator
    /// which rule it was.
    static func isUnforeseen(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return false }
        return error.isUniqueViolation || error.isExclusionViolation
    }

    package static func problem(for error: any Error) -> Problem {
        switch error {
        case let problem as Problem: problem
        case let kind as any ProblemKind: kind.problem
        case let invalid as InvalidInput: invalidInput(invalid.errors)
        case let syntax as JSONSyntaxError: malformed(syntax)
        case let failure as DatabaseError: database(failure)
        case is BlockingPool.Overloaded: HouseProblem.overloaded.retry(after: 1)
        // Nobody is there to be told, or he has been told.
        case is ExchangeError: HouseProblem.malformed.problem
        case is CancellationError: HouseProblem.timeout.retry(after: 5)
        default: HouseProblem.internalError.problem
        }
    }

    private static func invalidInput(_ errors: [FieldError]) -> Problem {
        let isMistyped = !errors.isEmpty && errors.allSatisfy { $0.code == unknownField.code }
        var problem = isMistyped ? unknownField : HouseProblem.invalidInput.problem
        problem.errors = errors
        return problem
    }

    /// A typing error has a code of its own, so that it is recognised without reading the list.
    static let unknownField = Problem(
        status: 422, code: "unknown_field", detail: "The input has members that this operation does not know; see errors.")

    private static func malformed(_ error: JSONSyntaxError) -> Problem {
        var problem = HouseProblem.malformed.problem
        problem.detail = "The body is not the JSON expected here: \(error)."
        return problem
    }

    private static func database(_ error: DatabaseError) -> Problem {
        if error.isOutage { return HouseProblem.databaseUnavailable.retry(after: 1) }
        // Modules map the constraints they expect; one that reaches this place is still a conflict, not a fault.
        if isUnforeseen(error) { return HouseProblem.conflict.problem }
        // Data exceptions (manual, appendix A): a value that no rule has refused and PostgreSQL cannot take.
        if error.state.category == "22" { return HouseProblem.invalidInput.problem }
        if error.isTransient { return HouseProblem.overloaded.retry(after: 1) }
        return HouseProblem.internalError.problem
    }

    // MARK: On the wire

    /// RFC 9457, 3: the members of a problem object, and ours.
    ///
    /// - Parameter place: `body`, `query` or `header`, where the contract wants to know in which of them a mistake stands.
    static func answer(_ problem: Problem, requestID: String, locating place: String? = nil) -> Answer {
        var writer = JSONWriter()
        write(problem, requestID: requestID, locating: place, to: &writer)
        let bytes = writer.withUnsafeBytes { Array($0) }
        var answer = Answer(status: problem.status, content: .bytes(bytes, type: "application/problem+json"))
        if let seconds = problem.retryAfter { answer.fields.append(("Retry-After", String(seconds))) }
        if let allow = problem.allow { answer.fields.append(("Allow", allow)) }
        if problem.status == 401 { answer.fields.append(("WWW-Authenticate", "Bearer")) }
        return answer
    }

    /// A refusal of an operation, as its contract words it.
    static func answer(_ problem: Problem, of call: Call) -> Answer {
        guard let dialect = call.route.operation.dialect else { return answer(problem, requestID: call.requestID) }
        let isOfKey = problem.code == HouseProblem.idempotencyKeyInvalid.rawValue
        return answer(
            dialect.word(problem, call.language), requestID: call.requestID,
            locating: isOfKey ? "header" : call.route.operation.bodySchema == nil ? "query" : "body")
    }

    private static func write(_ problem: Problem, requestID: String, locating place: String?, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("success", false)
        writer.member("type", "/docs#problem-\(problem.code)")
        writer.member("title", "\(StatusLine.reason(problem.status))")
        writer.member("status", problem.status)
        writer.member("detail", problem.detail)
        writer.member("code", problem.code)
        writer.member("requestId", requestID)
        if !problem.errors.isEmpty {
            writer.key("errors")
            writer.beginArray()
            for error in problem.errors {
                writer.beginObject()
                if let place {
                    writer.member("loc", [place] + error.field.split { ".[]".contains($0) }.map(String.init))
                    writer.member("msg", error.message)
                    writer.member("type", error.kind ?? error.code)
                } else {
                    writer.member("field", error.field)
                    writer.member("code", error.code)
                    writer.member("message", error.message)
                }
                writer.endObject()
            }
            writer.endArray()
        }
        for (name, value) in problem.members { writer.member(name: name, value) }
        writer.endObject()
    }
}
