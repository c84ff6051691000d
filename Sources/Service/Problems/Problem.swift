import JSON
import Values

/// A refusal that the client reads, as an RFC 9457 problem object. `detail` is a sentence for a person; nothing of SQL,
/// paths or stack goes into it.
package struct Problem: Error, Sendable {
    package var status: Int
    /// Stable, snake_case; what a program decides by.
    package var code: String
    package var detail: String
    /// For refused input: each member with its reason.
    package var errors: [FieldError] = []
    /// Extension members (RFC 9457, 3.2), such as `expected` or `units`.
    package var members: [(name: String, value: JSONValue)] = []
    /// Seconds for `Retry-After`.
    package var retryAfter: Int?
    /// Methods for `Allow`.
    package var allow: String?

    package init(status: Int, code: String, detail: String) {
        self.status = status
        self.code = code
        self.detail = detail
    }
}

extension Problem {
    /// The same refusal with an extension member.
    package func with(_ name: String, _ value: JSONValue) -> Problem {
        var problem = self
        problem.members.append((name, value))
        return problem
    }
}

/// The refusals of one module, a case per meaning; the raw value is the stable code.
///
///     enum ReadingProblem: String, ProblemKind { case readingExists = "reading_exists" … }
///     throw ReadingProblem.readingExists
package protocol ProblemKind: Error, Sendable, CaseIterable, RawRepresentable<String> {
    var status: Int { get }
    /// A sentence for a person.
    var detail: String { get }
}

extension ProblemKind {
    package var problem: Problem { Problem(status: status, code: rawValue, detail: detail) }

    /// The same refusal, naming the member it is about.
    package func on(_ field: String) -> Problem {
        var problem = problem
        problem.errors = [FieldError(field: field, code: rawValue, message: detail)]
        return problem
    }

    /// The same refusal with an extension member.
    package func with(_ name: String, _ value: JSONValue) -> Problem { problem.with(name, value) }

    package func retry(after seconds: Int) -> Problem {
        var problem = problem
        problem.retryAfter = seconds
        return problem
    }
}
