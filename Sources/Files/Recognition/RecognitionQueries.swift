import JSON
import Postgres
import Service
import Values

/// The SQL of `files.recognitions`.
enum RecognitionQueries {
    static func recognition(_ id: UUID) -> Statement<Recognition> {
        Statement(
            """
            select r.outcome, r.result ->> 'value', r.confidence, r.provider from files.recognitions r where r.id = \(id)
            """)
    }

    /// What is there is not written again. Nothing for a file that is gone.
    static func add(_ new: NewRecognition) -> Command {
        Command(
            """
            insert into files.recognitions (
                id, created_at, updated_at, file_id, user_id, kind, provider, outcome, result, confidence, asked_model,
                cost_micros)
            select \(new.task.id), \(new.now), \(new.now), f.id, \(new.task.userID), \(new.task.kind), \(new.provider), \(new.outcome),
                jsonb_strip_nulls(jsonb_build_object('value', \(new.value)::text)), \(new.confidence),
                \(new.asksModel), \(new.cost)
              from files.files f where f.id = \(new.task.fileID)
            on conflict (id) do nothing
            """)
    }

    /// What Perplexity has cost: a user since, everybody since, and how often it was asked since. Index `recognitions_cost_idx`.
    static func spent(by user: UUID, day: Instant, month: Instant, minute: Instant) -> Statement<RecognitionSpending> {
        Statement(
            """
            select coalesce(sum(r.cost_micros) filter (where r.user_id = \(user) and r.created_at >= \(day)), 0)::bigint,
                coalesce(sum(r.cost_micros) filter (where r.created_at >= \(month)), 0)::bigint,
                count(*) filter (where r.created_at >= \(minute))
              from files.recognitions r
             where r.asked_model and r.created_at >= least(\(month)::timestamptz, \(minute)::timestamptz)
            """)
    }

    static var samples: [StatementSample] {
        let now = Instant.now
        let task = RecognitionTask(.zero, .new(), of: .zero, RecognitionWish(.digits))
        let new = NewRecognition(
            task: task, outcome: .unreadable, value: nil, confidence: nil, provider: .tesseract,
            asksModel: false, cost: 0, now: now)
        return [
            StatementSample("recognition", recognition(.zero)), StatementSample("add recognition", add(new)),
            StatementSample("personal: recognitions", personal(.zero)),
            StatementSample("personal: forget words", forgetWords(of: .zero)),
            StatementSample("spent", spent(by: .zero, day: now, month: now, minute: now)),
        ]
    }
}

/// What comes of a task.
struct NewRecognition {
    let task: RecognitionTask
    let outcome: Recognition.Outcome
    let value: String?
    let confidence: FixedPoint<3>?
    let provider: RecognitionProvider?
    /// Whether the model was asked, whosever word it is.
    let asksModel: Bool
    let cost: Int
    let now: Instant
}

/// Millionths of a US dollar, and how often.
struct RecognitionSpending: Row {
    let byUser: Int
    let byAll: Int
    let withinMinute: Int

    init(_ row: inout RowReader) throws {
        byUser = try row.next()
        byAll = try row.next()
        withinMinute = try row.next()
    }
}
