import Service

/// Refusals of messages that cost credits.
package enum MessagingProblem: String, ProblemKind {
    case creditsInsufficient = "credits_insufficient"
    case variablesMismatch = "variables_mismatch"
    case smsUnavailable = "sms_unavailable"

    package var status: Int {
        switch self {
        case .creditsInsufficient: 402
        case .variablesMismatch: 422
        case .smsUnavailable: 503
        }
    }

    package var detail: String {
        switch self {
        case .creditsInsufficient: "The credits do not suffice for this message."
        case .variablesMismatch: "The text wants another number of values."
        case .smsUnavailable: "Short messages cannot be sent at the moment; nothing was charged."
        }
    }
}
