import JSON
import Postgres
import Service
import Values

extension TicketsModule {
    /// What was asked stays with the staff who answered it; its author has no name any more. Who asked without his name gets
    /// what he asked: it is his.
    package var personalData: [PersonalData] {
        [PersonalData("tickets", in: tickets.database, export: TicketQueries.personal)]
    }
}

extension TicketQueries {
    /// His tickets, and what he has said himself; what staff tell each other is theirs. Indexes `tickets_requester`,
    /// `comments_author`.
    static func personal(_ user: UUID) -> Statement<JSONText> {
        Statement(
            """
            select jsonb_build_object(
                'tickets', (select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]') from (
                    select t.id, t.created_at as "createdAt", t.number as "ticketNumber", t.title, t.description, t.priority, t.status,
                        t.is_anonymous as "isAnonymous", t.resolution, t.rating, t.feedback, t.file_ids as "fileIds"
                      from tickets.tickets t where t.requester_id = \(user) and t.deleted_at is null order by t.id desc limit 5000) x),
                'comments', (select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]') from (
                    select m.id, m.created_at as "createdAt", m.ticket_id as "ticketId", m.text, m.file_ids as "fileIds"
                      from tickets.comments m
                     where m.author_id = \(user) and not m.is_internal order by m.id desc limit 5000) x))
            """, .report)
    }
}
