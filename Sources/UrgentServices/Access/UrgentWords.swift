import Service
import Values

/// Refusals in the words of the board's contract: those of the house are given its codes, and all have a sentence in the
/// language that the caller reads. `detail` is always text: the client shows it as it stands.
enum UrgentWords {
    static func word(_ problem: Problem, _ language: Dialect.Language) -> Problem {
        var worded = problem
        let own = UrgentProblem(rawValue: problem.code)
        guard let known = own ?? meaning(of: problem) else {
            if language == .russian, let sentence = russian(problem) { worded.detail = sentence }
            return worded
        }
        // A code of the board's may stand with another status where the contract says so.
        if own == nil { worded.status = known.status }
        worded.code = known.rawValue
        worded.detail = language == .russian ? known.russian : known.detail
        if worded.errors.isEmpty { worded.errors = place(of: problem) }
        return worded
    }

    /// Where the mistake is of what cannot be read at all: every refusal of input says so.
    private static func place(of problem: Problem) -> [FieldError] {
        switch HouseProblem(rawValue: problem.code) {
        case .malformed: [FieldError(field: "", code: "malformed", message: "cannot be read")]
        case .idempotencyKeyInvalid:
            [FieldError(field: "Idempotency-Key", code: "pattern", message: "must have 1 to 64 letters, digits, _ and -")]
        default: []
        }
    }

    /// Nil for what is no refusal of the board's: outages, sizes, methods.
    private static func meaning(of problem: Problem) -> UrgentProblem? {
        if problem.code == "unknown_field" { return .validationError }
        switch HouseProblem(rawValue: problem.code) {
        case .malformed, .invalidInput: return .validationError
        case .unauthorized: return .notAuthenticated
        case .forbidden, .networkRefused: return .staffOnly
        case .idempotencyKeyInvalid: return .validationError
        default: return nil
        }
    }

    /// The house's refusals that keep their codes.
    private static func russian(_ problem: Problem) -> String? {
        switch HouseProblem(rawValue: problem.code) {
        case .methodNotAllowed: "Этот адрес не поддерживает такой запрос."
        case .bodyTooLarge: "Слишком много данных в одном запросе."
        case .unsupportedMediaType: "Данные нужно отправлять в формате JSON."
        case .conflict: "Запрос противоречит текущим данным."
        case .networkRefused, .addressRefused: "Доступ с этого адреса закрыт."
        case .databaseUnavailable, .identityUnavailable, .overloaded, .timeout, .maintenance: "Сервис временно недоступен, попробуйте ещё раз."
        default: nil
        }
    }
}
