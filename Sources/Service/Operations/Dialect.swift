import HTTP

/// How the operations of a contract speak that exists and is not ours to change: whose word says who calls, what a caller
/// may ask how often, and in which words he is refused. Operations that declare none speak as the house does.
///
/// Their paths take a trailing slash for a mistake and lead to the path without it (307); their answers have no entity tag
/// that a change could be bound to, since the contract knows no `If-Match`.
package struct Dialect: Sendable {
    /// Proves callers by the credentials of this contract.
    package let authenticator: any Authenticator
    /// For operations without a limit of their own, of somebody who has proved who he is.
    package let userLimit: RateLimit?
    /// The same for guests, by their address.
    package let guestLimit: RateLimit?
    /// Credentials that prove nothing, by address.
    package let failureLimit: RateLimit?
    /// Bytes of a body, where the operation says nothing else.
    package let bodyLimit: Int
    /// With what credentials are refused that prove nobody, besides `unauthorized`.
    package let credentialProblems: [Problem]
    /// A refusal in the words of this contract: status, code and text.
    package let word: @Sendable (_ problem: Problem, _ language: Language) -> Problem

    /// By the first tag of `Accept-Language`.
    package enum Language: Sendable { case english, russian }

    package init(
        authenticator: any Authenticator, userLimit: RateLimit?, guestLimit: RateLimit?, failureLimit: RateLimit?,
        bodyLimit: Int, credentialProblems: [any ProblemKind],
        word: @escaping @Sendable (_ problem: Problem, _ language: Language) -> Problem
    ) {
        self.authenticator = authenticator
        self.userLimit = userLimit
        self.guestLimit = guestLimit
        self.failureLimit = failureLimit
        self.bodyLimit = bodyLimit
        self.credentialProblems = credentialProblems.map(\.problem)
        self.word = word
    }

    /// The refusals of the house as this contract words them.
    var problems: [Problem] {
        (HouseProblem.allCases.map(\.problem) + [ProblemReport.unknownField]).map { word($0, .english) } + credentialProblems
    }

    /// The media type of what succeeds.
    static let contentType = "application/json; charset=utf-8"
}

/// Credentials that prove nobody, and what is to be said of them where somebody has to be known. Where guests are admitted
/// whoever brings them is a guest.
package struct CredentialsRefused: Error {
    package let problem: Problem

    package init(_ problem: Problem) { self.problem = problem }
}

extension Call {
    /// What the caller wants to read refusals in.
    package var language: Dialect.Language { exchange.language }
}

extension Exchange {
    var language: Dialect.Language {
        guard let field = field("accept-language"), field.count >= 2, field[0] | 0x20 == UInt8(ascii: "r"),
            field[1] | 0x20 == UInt8(ascii: "u")
        else { return .english }
        // `ru`, `ru-RU`, `ru;q=0.9`; not `rue`.
        return field.count == 2 || !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(field[2] | 0x20) ? .russian : .english
    }
}
