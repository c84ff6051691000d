import Service

/// Refusals around outgoing webhooks.
package enum WebhookProblem: String, ProblemKind {
    case urlInvalid = "url_invalid"
    case urlInsecure = "url_insecure"
    case urlNotPublic = "url_not_public"
    case eventUnknown = "event_unknown"
    case scopeUnknown = "scope_unknown"
    case tooManyEndpoints = "too_many_endpoints"
    case endpointNotActive = "endpoint_not_active"
    case deliveryPending = "delivery_pending"

    package var status: Int {
        switch self {
        case .urlInvalid, .urlInsecure, .urlNotPublic, .eventUnknown, .scopeUnknown: 422
        case .tooManyEndpoints, .endpointNotActive, .deliveryPending: 409
        }
    }

    package var detail: String {
        switch self {
        case .urlInvalid: "This is no address of the web."
        case .urlInsecure: "An endpoint is reached by https."
        case .urlNotPublic: "An endpoint lies in the public internet; this address does not."
        case .eventUnknown: "There is no such event; * stands for all."
        case .scopeUnknown: "There is no such scope."
        case .tooManyEndpoints: "A scope has at most 50 endpoints; delete one first."
        case .endpointNotActive: "The endpoint is paused or disabled; make it active first."
        case .deliveryPending: "This delivery is still under way."
        }
    }
}
