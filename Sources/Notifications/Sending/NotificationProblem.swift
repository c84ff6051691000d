import Service

/// Refusals of notices and messages.
package enum NotificationProblem: String, ProblemKind {
    case alwaysTold = "always_told"
    case categoryUnknown = "category_unknown"
    case chosenTwice = "chosen_twice"
    case addressMissing = "address_missing"
    case recipientUnknown = "recipient_unknown"
    case templateUnknown = "template_unknown"
    case variablesMismatch = "variables_mismatch"
    case textTooLong = "text_too_long"
    case pushServiceUnknown = "push_service_unknown"
    case pushUnavailable = "push_unavailable"
    case templateTaken = "template_taken"
    case tooManyTemplates = "too_many_templates"
    case tooManyRecipients = "too_many_recipients"

    package var status: Int {
        switch self {
        case .pushUnavailable: 503
        case .templateTaken, .tooManyTemplates: 409
        default: 422
        }
    }

    package var detail: String {
        switch self {
        case .alwaysTold: "Notices of that kind cannot be turned off."
        case .categoryUnknown: "There are no notices of that category."
        case .chosenTwice: "The same category and channel stand there twice."
        case .addressMissing: "This person has no address to which that could be sent."
        case .recipientUnknown: "There is no such person, or he is told nothing any more."
        case .templateUnknown: "There is no such template."
        case .pushServiceUnknown: "This subscription leads to no push service that is known here."
        case .pushUnavailable: "Browsers cannot be reached from here."
        case .templateTaken: "There is a template of this key, channel and language."
        case .tooManyTemplates: "There are too many templates; delete one first."
        case .tooManyRecipients: "These are more than ten thousand people; name fewer."
        case .textTooLong: "The text takes more than ten parts."
        case .variablesMismatch: "The template wants other values than were given."
        }
    }
}
