import JSON
import Postgres
import Service
import Values

extension Recognitions {
    /// What somebody has had read off his pictures. The words go with him; that something was read, and what it cost, is
    /// counted on.
    var personal: PersonalData {
        PersonalData(
            "recognitions", in: files.database, export: RecognitionQueries.personal,
            erase: { [RecognitionQueries.forgetWords(of: $0)] })
    }
}

extension RecognitionQueries {
    /// Index `recognitions_user_idx`.
    static func personal(_ user: UUID) -> Statement<JSONText> {
        Statement(
            """
            select coalesce(jsonb_agg(to_jsonb(x) order by x."createdAt"), '[]') from (
                select r.created_at as "createdAt", r.file_id as "fileId", r.kind, r.outcome, r.provider, r.result
                  from files.recognitions r where r.user_id = \(user) order by r.created_at desc limit 5000) x
            """, .report)
    }

    static func forgetWords(of user: UUID) -> Command {
        Command(
            """
            update files.recognitions
               set result = case when outcome = 'recognized' then '{"value": ""}'::jsonb else '{}'::jsonb end
             where user_id = \(user)
            """)
    }
}
