import JSON
import Postgres
import Values

/// One short message of many, before it is a row.
struct BulkText: Sendable {
    let id: ID<Notification>
    let phone: String
    let text: String
    let segments: Int
    let subjectID: UUID?
}

/// The SQL of short messages to many.
enum BulkQueries {
    static func insert(
        _ messages: [BulkText], _ template: DLTTemplate, of sender: BatchSender, in batch: UUID, isMetered: Bool, at now: Instant
    ) -> Command {
        Command(
            """
            insert into notifications.notifications (id, created_at, updated_at, group_id, scope_type, scope_id, type, category,
                priority, status, recipient, body, template_key, metadata, registered_text, segments, credit_state, batch_id)
            select m.id, \(now), \(now), \(batch), \(sender.scopeType), \(sender.scopeID), 'sms', 'system', 4, 'pending', m.phone,
                m.body, \(template), case when m.subject = '' then '{}' else jsonb_build_object('subjectId', m.subject) end,
                \(template), m.segments, case when \(isMetered) then 'reserved' end, \(batch)
            from unnest(\(each: messages, \.id)::uuid[], \(each: messages, \.phone)::text[], \(each: messages, \.text)::text[],
                        \(each: messages, \.segments)::int[], \(each: messages, { $0.subjectID?.description ?? "" })::text[])
                as m (id, phone, body, segments, subject)
            """)
    }

    /// Numbers that want none. suppressions_pkey
    static func suppressed(_ phones: [String]) -> Statement<String> {
        Statement("select address from notifications.suppressions where channel = 'sms' and address = any(\(phones)::text[])")
    }

    /// What is to go next, what failed last. Served by `notifications_batch_idx`.
    static func next(of sender: BatchSender, limit: Int) -> Statement<PendingMessage> {
        // An index serves no "is not distinct from".
        let type: SQL = sender.scopeType.map { "scope_type = \($0)" } ?? "scope_type is null"
        let id: SQL = sender.scopeID.map { "scope_id = \($0)" } ?? "scope_id is null"
        return Statement(
            """
            select id, retry_count from notifications.notifications
            where batch_id is not null and status = 'pending' and \(type) and \(id)
            order by retry_count, id limit \(limit)
            """)
    }

    /// Who has something waiting. Served by `notifications_batch_idx`.
    static func senders() -> Statement<BatchSender> {
        Statement(
            """
            select distinct scope_type, scope_id from notifications.notifications
            where batch_id is not null and status = 'pending' limit 1000
            """)
    }

    static var samples: [StatementSample] {
        let sender = BatchSender(scopeType: "", scopeID: nil)
        return [
            StatementSample(
                "bulk: insert", insert([], .welcome, of: sender, in: .zero, isMetered: true, at: Instant(microseconds: 0))),
            StatementSample("bulk: next of the platform", next(of: BatchSender(nil), limit: 1)),
            StatementSample("bulk: suppressed", suppressed([])), StatementSample("bulk: next", next(of: BatchSender(scopeType: "", scopeID: .zero), limit: 1)),
            StatementSample("bulk: senders", senders()),
        ]
    }
}

struct PendingMessage: Row {
    let id: ID<Notification>
    let tries: Int

    init(_ row: inout RowReader) throws {
        id = try row.next()
        tries = try row.next()
    }
}
