/// The refusals that every operation shares (conventions, section 3).
package enum HouseProblem: String, ProblemKind {
    case malformed
    case invalidInput = "invalid_input"
    case unauthorized
    case forbidden
    case networkRefused = "network_refused"
    case addressRefused = "address_refused"
    case passwordChangeRequired = "password_change_required"
    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"
    case preconditionFailed = "precondition_failed"
    case bodyTooLarge = "body_too_large"
    case unsupportedMediaType = "unsupported_media_type"
    case rangeTooLarge = "range_too_large"
    case rateLimited = "rate_limited"
    case idempotencyKeyRequired = "idempotency_key_required"
    case idempotencyKeyInvalid = "idempotency_key_invalid"
    case idempotencyKeyReused = "idempotency_key_reused"
    case idempotencyInProgress = "idempotency_in_progress"
    case conflict
    case internalError = "internal_error"
    case overloaded
    case databaseUnavailable = "database_unavailable"
    case identityUnavailable = "identity_unavailable"
    case timeout
    case maintenance

    package var status: Int {
        switch self {
        case .malformed, .idempotencyKeyInvalid: 400
        case .unauthorized: 401
        case .forbidden, .networkRefused, .addressRefused, .passwordChangeRequired: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .conflict, .idempotencyInProgress: 409
        case .preconditionFailed: 412
        case .bodyTooLarge: 413
        case .unsupportedMediaType: 415
        case .invalidInput, .rangeTooLarge, .idempotencyKeyRequired, .idempotencyKeyReused: 422
        case .rateLimited: 429
        case .internalError: 500
        case .overloaded, .databaseUnavailable, .identityUnavailable, .timeout, .maintenance: 503
        }
    }

    package var detail: String {
        switch self {
        case .malformed: "The request cannot be parsed."
        case .invalidInput: "Some of the input is not acceptable; see errors."
        case .unauthorized: "Sign in first, or sign in again: no valid credentials came with the request."
        case .forbidden: "You may see this, but you may not do this with it."
        case .networkRefused: "Staff act from the organisation's own networks only."
        case .addressRefused: "Requests from this network are not accepted."
        case .passwordChangeRequired: "Choose a new password first; until then you can do nothing else."
        case .notFound: "There is no such object, or you have no access to it."
        case .methodNotAllowed: "This path does not know that method; see Allow."
        case .preconditionFailed: "The object has changed since you read it."
        case .bodyTooLarge: "The body is larger than this operation accepts."
        case .unsupportedMediaType: "Send application/json in UTF-8."
        case .rangeTooLarge: "A file has at most 50,000 rows; narrow the filter."
        case .rateLimited: "Too many requests; try again later."
        case .idempotencyKeyRequired: "Send an Idempotency-Key: this operation moves money."
        case .idempotencyKeyInvalid: "An Idempotency-Key has 1 to 255 visible ASCII characters."
        case .idempotencyKeyReused: "This Idempotency-Key was used with another body."
        case .idempotencyInProgress: "The first request with this Idempotency-Key is still running."
        case .conflict: "The object is in a state that does not allow this."
        case .internalError: "Something went wrong on our side; the request id helps us find it."
        case .overloaded: "The service is at its limit; try again shortly."
        case .databaseUnavailable: "The database cannot be reached at the moment; try again shortly."
        case .identityUnavailable: "The service that vouches for you cannot be asked at the moment; try again shortly."
        case .timeout: "The request took too long and was given up."
        case .maintenance: "The platform is being maintained; come back in a while."
        }
    }
}
