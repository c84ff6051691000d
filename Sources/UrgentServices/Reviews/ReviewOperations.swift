import HTTP
import Service

/// How ratings and complaints are reached (spec 3.4).
enum ReviewOperations {
    private static let base = "/api/reviews"
    private static let tag = "Urgent reviews"

    static func all(_ reviews: Reviews, _ complaints: Complaints) -> [Operation] {
        writing(reviews, complaints) + reading(reviews)
    }

    private static func writing(_ reviews: Reviews, _ complaints: Complaints) -> [Operation] {
        [
            .bare(
                .post, base + "/client", "rateUrgentExecutor", "Rate the executor of one's order, once", tag: tag,
                who: .signedIn,
                problems: [
                    UrgentProblem.orderNotFound, UrgentProblem.orderNotFinished, ReviewProblem.noExecutor,
                    UrgentProblem.executorDidNotTake, UrgentProblem.alreadyReviewed, UrgentProblem.userBlocked,
                ],
                body: NewReviewBody.self, answer: ReviewWritten.self
            ) { call, body in
                ReviewWritten(id: try await reviews.write(body, by: try call.urgentUser()))
            }.limited(UrgentLimits.opinions)
                .described(
                    """
                    The order has ended: completed, expired, or closed by its customer himself, and somebody took it. Whoever \
                    never answered his executors does not rate them.
                    """),
            .bare(
                .post, base + "/executor", "complainOfUrgentClient", "Complain about the customer of an order one has taken",
                tag: tag, who: .signedIn,
                problems: [UrgentProblem.notTakenByYou, UrgentProblem.alreadyComplained, UrgentProblem.userBlocked],
                body: NewComplaintBody.self, answer: ComplaintWritten.self
            ) { call, body in
                ComplaintWritten(id: try await complaints.write(body, by: try call.urgentUser()))
            }.limited(UrgentLimits.opinions).described("Once for each order, in any status of it. Staff look at it; money moves only if they say so."),
        ]
    }

    private static func reading(_ reviews: Reviews) -> [Operation] {
        [
            .bare(
                base, "listUrgentReviews", "Ratings of executors, newest first", tag: tag, who: .anyone,
                problems: [UrgentProblem.notAuthenticated], query: ReviewQuery.self, answer: [ReviewView].self
            ) { call, query in
                let viewer = call.viewer
                let (rows, total) = try await reviews.page(query, for: viewer, on: call.loop)
                call.setField("X-Total-Count", String(total))
                return rows.map { ReviewView(review: $0, viewer: viewer, masks: reviews.masks) }
            }.described(
                "How many there are says the field `X-Total-Count`, counted to 10,000: the list goes back no further. Hidden ones are not among them."),
            .bare(
                base + "/check", "checkUrgentReview", "Whether the caller has rated or complained of an order", tag: tag,
                who: .signedIn, query: ReviewCheckQuery.self, answer: ReviewCheck.self
            ) { call, query in
                ReviewCheck(try await reviews.said(of: query.order, by: try call.urgentUser()))
            },
        ]
    }
}
