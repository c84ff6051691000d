import Identity
import Postgres
import Service

/// What this module adds to the program.
package struct ReviewsModule: Module {
    package let name = "reviews"
    package let reviews: Reviews
    let trail: StaffTrail?

    /// - Parameter trail: where changes by staff are written down.
    package init(_ reviews: Reviews, trail: StaffTrail? = nil) {
        self.reviews = reviews
        self.trail = trail
    }

    package var operations: [Operation] { ReviewOperations.all(self) }
    package static var statements: [StatementSample] {
        ReviewQueries.samples + [
            StatementSample("personal", ReviewQueries.personal(.zero)),
            StatementSample("pictures", ReviewQueries.pictures(of: .zero)),
            StatementSample("dropped pictures", ReviewQueries.dropPictures(of: .zero)),
        ]
    }
}
