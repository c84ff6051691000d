import HTTP
import JSON
import Service

/// How staff reach reviews.
enum StaffReviewOperations {
    private static let base = "/api/admin/reviews"

    static func all(_ door: StaffReviews) -> [Operation] {
        let (staff, reviews) = (door.staff, door.reviews)
        let operations: [Operation] = [
            .bare(
                base, "listUrgentReviewsAsStaff", "All reviews, hidden ones too", tag: StaffTag.name, who: .signedIn,
                problems: StaffTag.problems, query: StaffReviewQuery.self, answer: StaffList<StaffReviewView>.self
            ) { call, query in
                let member = try await staff.member(call)
                let (rows, total) = try await reviews.page(query.condition, for: member.id, query.slice)
                return StaffList(items: rows.map(StaffReviewView.init), total: total, slice: query.slice)
            },
            moderation(door, "hide", "hideUrgentReview", "Hide a review; the executor's rating follows", .hidden),
            moderation(door, "restore", "restoreUrgentReview", "Show a hidden review again", .visible),
        ]
        return operations.map { $0.limited(UrgentLimits.administration) }
    }

    private static func moderation(
        _ door: StaffReviews, _ verb: String, _ id: String, _ summary: String, _ status: ReviewStatus
    ) -> Operation {
        .bare(
            .post, base + "/{id}/" + verb, id, summary, tag: StaffTag.name, who: .signedIn,
            problems: StaffTag.problems + [UrgentProblem.notFound, UrgentProblem.alreadyDone], body: ReasonBody.self, answer: Done.self
        ) { call, body in
            let member = try await door.staff.member(call)
            try await door.moderate(try call.number(), to: status, because: body.reason, by: member)
            return Done()
        }
    }
}
