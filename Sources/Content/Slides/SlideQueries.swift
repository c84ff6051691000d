import Postgres
import Service
import Values

/// The SQL of `content.slides`.
enum SlideQueries {
    private static let columns: SQL = """
        s.id, s.created_at, s.updated_at, s.product, s.audience, s.locale, s.title, s.description, s.image_file_id, s.button_text,
        s.button_action, s.display_order, s.status
        """

    static func slide(_ id: ID<Slide>) -> Statement<Slide> {
        Statement("select \(columns) from content.slides s where s.id = \(id) and s.deleted_at is null")
    }

    static func lock(_ id: ID<Slide>) -> Statement<Slide> {
        Statement("select \(columns) from content.slides s where s.id = \(id) and s.deleted_at is null for update")
    }

    /// Index `slides_shown`.
    static func shown(_ filter: SlideFilter, _ page: PageRequest) -> Statement<Slide> {
        Statement(
            """
            select \(columns) from content.slides s where \(matching(filter))
             order by s.display_order, s.id limit \(page.limit) offset \(page.offset)
            """)
    }

    static func shownCount(_ filter: SlideFilter) -> Statement<Int> {
        Statement("select count(*) from content.slides s where \(matching(filter))")
    }

    private static func matching(_ filter: SlideFilter) -> SQL {
        var condition: SQL = "s.product = \(filter.product) and s.status = 'active' and s.deleted_at is null"
        if let audience = filter.audience { condition = "\(condition) and s.audience = \(audience)" }
        if let locale = filter.locale { condition = "\(condition) and s.locale = \(locale)" }
        return condition
    }

    /// Index `slides_list`.
    static func list(_ filter: AnyTextFilter, _ page: PageRequest) -> Statement<Slide> {
        Statement(
            """
            select \(columns) from content.slides s where \(matching(filter))
             order by s.display_order, s.id limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ filter: AnyTextFilter) -> Statement<Int> {
        Statement("select count(*) from content.slides s where \(matching(filter))")
    }

    private static func matching(_ filter: AnyTextFilter) -> SQL {
        var condition: SQL = "s.deleted_at is null"
        if let product = filter.product { condition = "\(condition) and s.product = \(product)" }
        if let locale = filter.locale { condition = "\(condition) and s.locale = \(locale)" }
        if let status = filter.status { condition = "\(condition) and s.status = \(status)" }
        if let text = filter.q { condition = "\(condition) and strpos(lower(s.title), lower(\(text))) > 0" }
        return condition
    }

    static func insert(_ slide: Slide) -> Command {
        Command(
            """
            insert into content.slides (id, created_at, updated_at, product, audience, locale, title, description,
                image_file_id, button_text, button_action, display_order, status)
            values (\(slide.id), \(slide.createdAt), \(slide.updatedAt), \(slide.product), \(slide.audience),
                \(slide.locale), \(slide.title), \(slide.description), \(slide.imageFileID), \(slide.buttonText),
                \(slide.buttonAction),
                \(slide.displayOrder), \(slide.status))
            """)
    }

    static func save(_ slide: Slide, at now: Instant) -> Command {
        Command(
            """
            update content.slides set updated_at = \(now), title = \(slide.title), description = \(slide.description),
                image_file_id = \(slide.imageFileID), button_text = \(slide.buttonText), button_action = \(slide.buttonAction),
                display_order = \(slide.displayOrder), status = \(slide.status)
             where id = \(slide.id)
            """)
    }

    /// Its picture is let go.
    static func delete(_ id: ID<Slide>, at now: Instant) -> Command {
        Command(
            """
            update content.slides set deleted_at = \(now), updated_at = \(now), image_file_id = null where id = \(id)
            """)
    }

    static func reorder(_ ids: [UUID], at now: Instant) -> Command {
        Command(
            """
            update content.slides s set display_order = o.place, updated_at = \(now)
              from unnest(\(ids)) with ordinality o(id, place) where s.id = o.id and s.deleted_at is null
            """)
    }

    static var samples: [StatementSample] {
        let now = Instant.distantPast
        let slide = Slide(
            id: .new(), createdAt: now, updatedAt: now, product: "a", audience: "a", locale: "en", title: "a",
            description: "a", imageFileID: nil, buttonText: "a", buttonAction: nil, displayOrder: 0, status: .active)
        let shown = SlideFilter(product: "a", locale: "en", audience: "a")
        let filter = AnyTextFilter(product: "a", locale: "en", status: .active, q: "a")
        let order = PageRequest(sort: "displayOrder")
        return [
            StatementSample("slide", self.slide(.new())), StatementSample("slide, locked", lock(.new())),
            StatementSample("slides", self.shown(shown, order)), StatementSample("slides, counted", shownCount(shown)),
            StatementSample("all slides", list(filter, order)), StatementSample("all slides, counted", count(filter)),
            StatementSample("new slide", insert(slide)), StatementSample("changed slide", save(slide, at: now)),
            StatementSample("deleted slide", delete(.new(), at: now)),
            StatementSample("slides in order", reorder([.zero], at: now)),
        ]
    }
}
