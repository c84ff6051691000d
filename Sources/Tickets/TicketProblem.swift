import Service

/// Every expected refusal of this module.
package enum TicketProblem: String, ProblemKind {
    case invalidTransition = "invalid_transition"
    case ticketClosed = "ticket_closed"
    case notStaff = "not_staff"
    case nobodyFits = "nobody_fits"
    case ratingClosed = "rating_closed"
    case categoryExists = "category_exists"
    case categoryIsSystem = "category_is_system"
    case categoryUsed = "category_used"

    package var status: Int {
        switch self {
        case .invalidTransition, .ticketClosed, .nobodyFits, .ratingClosed, .categoryExists, .categoryUsed: 409
        case .categoryIsSystem: 403
        case .notStaff: 422
        }
    }

    package var detail: String {
        switch self {
        case .invalidTransition: "From the ticket's status you cannot bring it there."
        case .ticketClosed: "The ticket is closed; nothing more is said on it."
        case .notStaff: "Only staff of the ticket's scope can be assigned."
        case .nobodyFits: "Nobody of the staff has this category among his specialities."
        case .ratingClosed: "A ticket is rated once it is resolved, and changed until it is closed, 30 days at most."
        case .categoryExists: "The scope has a category with this code."
        case .categoryIsSystem: "Categories of the system stay as they are; add one of this code to your scope instead."
        case .categoryUsed: "Open tickets are in this category."
        }
    }
}
