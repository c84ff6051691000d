import Postgres
import Service

/// The doors of what customers and executors say of each other.
struct OpinionDoors: Sendable {
    let reviews: Reviews
    let complaints: Complaints

    var operations: [Operation] { ReviewOperations.all(reviews, complaints) }

    static var samples: [StatementSample] { ClientReviewQueries.samples + ComplaintQueries.samples }
}

extension UrgentDoors {
    var opinions: OpinionDoors {
        OpinionDoors(
            reviews: Reviews(database: database, events: orders.events, users: users, terms: orders.terms),
            complaints: Complaints(database: database, users: users, reach: orders.terms.reach))
    }
}
