import Postgres
import Service
import Values

/// The SQL of `content.faqs` and `content.faq_votes`.
enum FaqQueries {
    private static let columns: SQL = """
        f.id, f.created_at, f.updated_at, f.product, f.locale, f.question, f.answer, f.category, f.display_order, f.status,
        f.view_count, f.helpful_count, f.not_helpful_count
        """

    static func faq(_ id: ID<Faq>) -> Statement<Faq> {
        Statement("select \(columns) from content.faqs f where f.id = \(id) and f.deleted_at is null")
    }

    static func lock(_ id: ID<Faq>) -> Statement<Faq> {
        Statement("select \(columns) from content.faqs f where f.id = \(id) and f.deleted_at is null for update")
    }

    /// Index `faqs_shown`.
    static func shown(_ filter: FaqFilter, _ page: PageRequest) -> Statement<Faq> {
        Statement(
            """
            select \(columns) from content.faqs f where \(matching(filter))
             order by f.display_order, f.id limit \(page.limit) offset \(page.offset)
            """)
    }

    static func shownCount(_ filter: FaqFilter) -> Statement<Int> {
        Statement("select count(*) from content.faqs f where \(matching(filter))")
    }

    private static func matching(_ filter: FaqFilter) -> SQL {
        var condition: SQL = "f.product = \(filter.product) and f.status = 'active' and f.deleted_at is null"
        if let locale = filter.locale { condition = "\(condition) and f.locale = \(locale)" }
        if let category = filter.category { condition = "\(condition) and f.category = \(category)" }
        return condition
    }

    /// Index `faqs_list`.
    static func list(_ filter: AnyTextFilter, _ page: PageRequest) -> Statement<Faq> {
        Statement(
            """
            select \(columns) from content.faqs f where \(matching(filter))
             order by f.display_order, f.id limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ filter: AnyTextFilter) -> Statement<Int> {
        Statement("select count(*) from content.faqs f where \(matching(filter))")
    }

    private static func matching(_ filter: AnyTextFilter) -> SQL {
        var condition: SQL = "f.deleted_at is null"
        if let product = filter.product { condition = "\(condition) and f.product = \(product)" }
        if let locale = filter.locale { condition = "\(condition) and f.locale = \(locale)" }
        if let status = filter.status { condition = "\(condition) and f.status = \(status)" }
        if let text = filter.q { condition = "\(condition) and strpos(lower(f.question), lower(\(text))) > 0" }
        return condition
    }

    static func insert(_ faq: Faq) -> Command {
        Command(
            """
            insert into content.faqs (id, created_at, updated_at, product, locale, question, answer, category, display_order,
                status)
            values (\(faq.id), \(faq.createdAt), \(faq.updatedAt), \(faq.product), \(faq.locale), \(faq.question),
                \(faq.answer), \(faq.category), \(faq.displayOrder), \(faq.status))
            """)
    }

    static func save(_ faq: Faq, at now: Instant) -> Command {
        Command(
            """
            update content.faqs set updated_at = \(now), question = \(faq.question), answer = \(faq.answer),
                category = \(faq.category), display_order = \(faq.displayOrder), status = \(faq.status)
             where id = \(faq.id)
            """)
    }

    static func delete(_ id: ID<Faq>, at now: Instant) -> Command {
        Command("update content.faqs set deleted_at = \(now), updated_at = \(now) where id = \(id)")
    }

    static func reorder(_ ids: [UUID], at now: Instant) -> Command {
        Command(
            """
            update content.faqs f set display_order = o.place, updated_at = \(now)
              from unnest(\(ids)) with ordinality o(id, place) where f.id = o.id and f.deleted_at is null
            """)
    }

    /// Once a day and voter; nothing is counted otherwise.
    static func count(_ vote: FaqVote, of id: ID<Faq>, by voter: String, on day: Day) -> Command {
        let column: SQL =
            switch vote {
            case .view: "view_count = f.view_count + 1"
            case .helpful: "helpful_count = f.helpful_count + 1"
            case .notHelpful: "not_helpful_count = f.not_helpful_count + 1"
            }
        return Command(
            """
            with vote as (
                insert into content.faq_votes (faq_id, voter, day_on, kind)
                select f.id, \(voter), \(day), \(vote == .view ? "view" : "feedback")
                  from content.faqs f where f.id = \(id) and f.status = 'active' and f.deleted_at is null
                on conflict do nothing returning faq_id
            )
            update content.faqs f set \(column) from vote where f.id = vote.faq_id
            """)
    }

    /// Index `faq_votes_day`.
    static func clean(before day: Day) -> Command { Command("delete from content.faq_votes where day_on < \(day)") }

    static var samples: [StatementSample] {
        let now = Instant.distantPast
        let faq = Faq(
            id: .new(), createdAt: now, updatedAt: now, product: "a", locale: "en", question: "a", answer: "a",
            category: "a", displayOrder: 0, status: .active, viewCount: 0, helpfulCount: 0, notHelpfulCount: 0)
        let shown = FaqFilter(product: "a", locale: "en", category: "a")
        let filter = AnyTextFilter(product: "a", locale: "en", status: .active, q: "a")
        let order = PageRequest(sort: "displayOrder")
        return [
            StatementSample("question", self.faq(.new())), StatementSample("question, locked", lock(.new())),
            StatementSample("questions", self.shown(shown, order)), StatementSample("questions, counted", shownCount(shown)),
            StatementSample("all questions", list(filter, order)), StatementSample("all questions, counted", count(filter)),
            StatementSample("new question", insert(faq)), StatementSample("changed question", save(faq, at: now)),
            StatementSample("deleted question", delete(.new(), at: now)),
            StatementSample("questions in order", reorder([.zero], at: now)),
            StatementSample("seen question", count(.view, of: .new(), by: "a", on: .first)),
            StatementSample("helpful question", count(.helpful, of: .new(), by: "a", on: .first)),
            StatementSample("useless question", count(.notHelpful, of: .new(), by: "a", on: .first)),
            StatementSample("old votes", clean(before: .first)),
        ]
    }
}

/// What somebody has to say of a question.
enum FaqVote { case view, helpful, notHelpful }
