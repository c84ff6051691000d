import JSON
import Postgres
import Service
import Values

extension ReviewsModule {
    /// Ratings stay, so that their sums hold; their author has no name any more, and his pictures go.
    package var personalData: [PersonalData] {
        [
            PersonalData("reviews") { [reviews] user in
                try await reviews.database.one(ReviewQueries.personal(user))
            } erase: { [reviews] user in
                try await reviews.forgetPictures(of: user)
            }
        ]
    }
}

extension ReviewQueries {
    /// Index `reviews_author`.
    static func personal(_ user: UUID) -> Statement<JSONText> {
        Statement(
            """
            select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]') from (
                select r.id, r.created_at as "createdAt", r.subject_type as "subjectType", r.subject_id as "subjectId", r.rating,
                    r.title, r.text, r.reply, r.status, r.file_ids as "fileIds"
                  from reviews.reviews r where r.author_id = \(user) and r.deleted_at is null order by r.id desc limit 5000) x
            """, .report)
    }
}
