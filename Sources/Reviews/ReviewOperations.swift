import Identity
import Service
import Values

/// How reviews are reached.
enum ReviewOperations {
    private static let base = "/api/v1/reviews"
    private static let tag = "Reviews"

    static func all(_ module: ReviewsModule) -> [Operation] { reading(module.reviews) + writing(module) + staff(module) }

    private static func reading(_ reviews: Reviews) -> [Operation] {
        [
            .list(
                base, "listReviews", "Reviews of a subject, or one's own", tag: tag, who: .anyone,
                problems: [HouseProblem.notFound, HouseProblem.unauthorized, HouseProblem.forbidden],
                filter: ReviewFilter.self, item: ReviewView.self, sort: ReviewQueries.sortable
            ) { call, filter, page in
                try await reviews.page(filter, page, for: call.caller)
            }.cached(as: "reviews:list", for: .seconds(600)),
            .get(
                base + "/summary", "getReviewSummary", "What the reviews of a subject come to", tag: tag, who: .anyone,
                problems: [HouseProblem.notFound], query: ReviewSubjectQuery.self, answer: ReviewSummary.self
            ) { _, query in
                try await reviews.summary(of: query.subject)
            }.cached(as: "reviews:summary", for: .seconds(600), audience: .everyone),
        ]
    }

    private static func writing(_ module: ReviewsModule) -> [Operation] {
        let reviews = module.reviews
        return [
            .post(
                base, "writeReview", "Review a subject", tag: tag, who: .signedIn,
                problems: [ReviewProblem.notEligible, ReviewProblem.alreadyReviewed], body: NewReviewBody.self,
                answer: ReviewView.self
            ) { call, body in
                try await reviews.write(body, by: call.caller)
            }.described("Who may review what, and once per what, is said by the product of the subject."),
            .patch(
                base + "/{id}", "changeReview", "Change one's own review", tag: tag, who: .signedIn, problems: [HouseProblem.forbidden],
                body: ChangedReviewBody.self, answer: ReviewView.self
            ) { call, body in
                try await reviews.change(try call.id(), body, by: call.caller)
            },
            .delete(
                base + "/{id}", "deleteReview", "Delete one's own review", tag: tag, who: .signedIn,
                problems: [HouseProblem.forbidden]
            ) { call in
                try await reviews.delete(try call.id(), by: call.caller)
            },
            .action(
                base + "/{id}/helpful", "markReviewHelpful", "Say that a review is helpful", tag: tag, who: .signedIn,
                problems: [ReviewProblem.ownReview], method: .put, answer: ReviewView.self
            ) { call in
                try await reviews.vote(try call.id(), isHelpful: true, by: call.caller)
            },
            .delete(
                base + "/{id}/helpful", "unmarkReviewHelpful", "Take that back", tag: tag, who: .signedIn,
                problems: [ReviewProblem.ownReview]
            ) { call in
                _ = try await reviews.vote(try call.id(), isHelpful: false, by: call.caller)
            },
        ]
    }

    private static func staff(_ module: ReviewsModule) -> [Operation] {
        let reviews = module.reviews
        return [
            .put(
                base + "/{id}/reply", "replyToReview", "Answer a review as the subject's side", tag: tag, who: .signedIn,
                problems: [HouseProblem.forbidden], body: ReviewReplyBody.self, answer: ReviewView.self
            ) { call, body in
                try await reviews.database.transaction { _ in
                    let (before, view) = try await reviews.reply(try call.id(), body, by: call.caller)
                    let change = AuditChange("reply", AuditValue(before.reply), .text(body.text))
                    await module.record("review_answered", before, [change], by: call)
                    return view
                }
            },
            .post(
                base + "/{id}/hide", "hideReview", "Hide a review, with the reason", tag: tag,
                who: .permission(.reviewsManage), problems: [ReviewProblem.invalidState], body: HiddenReviewBody.self,
                answer: ReviewView.self, status: 200
            ) { call, body in
                try await module.moderate(call, to: .hidden, reason: body.reason)
            },
            .action(
                base + "/{id}/restore", "restoreReview", "Show a hidden review again", tag: tag,
                who: .permission(.reviewsManage), problems: [ReviewProblem.invalidState], answer: ReviewView.self
            ) { call in
                try await module.moderate(call, to: .visible, reason: nil)
            },
        ]
    }
}

extension ReviewsModule {
    fileprivate func moderate(_ call: Call, to status: ReviewStatus, reason: String?) async throws -> ReviewView {
        try await reviews.database.transaction { _ in
            let (before, view) = try await reviews.moderate(try call.id(), to: status, reason: reason, by: call.caller)
            let changes = [
                AuditChange("status", AuditValue(before.status), AuditValue(status)),
                AuditChange("reason", AuditValue(before.moderationReason), AuditValue(reason)),
            ]
            await record(status == .hidden ? "review_hidden" : "review_restored", before, changes, by: call)
            return view
        }
    }

    fileprivate func record(_ action: String, _ review: Review, _ changes: [AuditChange?], by call: Call) async {
        await trail?.record(
            action, "review", review.id.uuid, product: "reviews", in: review.subject, changes: changes, by: call)
    }
}
