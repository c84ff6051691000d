import Postgres
import Service
import Values

/// The statements of polls.
enum PollQueries {
    /// In the order in which `Poll` reads them; of `tables`.
    private static var columns: SQL {
        """
        p.id, p.created_at, p.updated_at, p.condo_id, k.company_id, p.entrance_id, p.created_by, identity.name_of(a),
        p.status, p.title, p.description, p.poll_type, p.starts_at, p.ends_at, p.requires_quorum, p.quorum_percent,
        p.allow_multiple_choices, p.allow_abstain, p.is_anonymous, p.allow_vote_change, p.allow_custom_option,
        p.results_visibility, p.total_eligible_voters, p.total_votes, p.abstain_votes, p.started_at, p.closed_at,
        p.cancelled_at, o.ids, o.texts, o.orders, o.customs, o.votes
        """
    }

    private static var tables: SQL {
        """
        condo.polls p join condo.condos k on k.id = p.condo_id and k.deleted_at is null
        join identity.users a on a.id = p.created_by
        cross join lateral (
          select array_agg(t.id) as ids, array_agg(t.text) as texts, array_agg(t.display_order) as orders,
            array_agg(t.is_custom) as customs, array_agg(t.vote_count) as votes
          from (select x.id, x.text, x.display_order, x.is_custom, x.vote_count from condo.poll_options x
            where x.poll_id = p.id order by x.display_order, x.id) t) o
        """
    }

    /// What a user has to do with `polls p`: whether his voice has been heard, and what he himself has said.
    private static func own(_ user: UUID) -> SQL {
        """
        exists (select from condo.poll_votes v where v.poll_id = p.id and (v.user_id = \(user) or p.poll_type <> 'simple'
            and v.unit_id in (select r.unit_id from condo.residents r
              where r.user_id = \(user) and r.is_active and r.deleted_at is null))),
        array(select distinct c.option_id from condo.poll_votes v join condo.poll_vote_choices c on c.vote_id = v.id
          where v.poll_id = p.id and v.user_id = \(user) order by c.option_id)
        """
    }

    /// The units `u` that `polls p` asks.
    private static var isAsked: SQL {
        "u.condo_id = p.condo_id and (p.entrance_id is null or u.entrance_id = p.entrance_id) and u.deleted_at is null"
    }

    /// One poll with the caller's units that it asks.
    static func one(_ id: ID<Poll>, for own: Coverage, _ user: UUID) -> Statement<Seen<PollRow>> {
        Statement(
            """
            select array(select u.id from condo.units u where \(isAsked) and u.id = any(\(own.units))), array[k.id],
              k.company_id, \(Self.own(user)), \(columns)
            from \(tables) where p.id = \(id) and p.deleted_at is null
            """)
    }

    /// The poll's row stays locked until the transaction ends: ballots come one after the other.
    static func lock(_ id: ID<Poll>) -> Statement<ID<Poll>> {
        Statement("select p.id from condo.polls p where p.id = \(id) and p.deleted_at is null for no key update")
    }

    /// A poll that is locked: a statement of its own sees what the lock has waited for.
    static func locked(_ id: ID<Poll>) -> Statement<Poll> {
        Statement("select \(columns) from \(tables) where p.id = \(id)")
    }

    /// Indexes polls_of_condo, polls_newest.
    static func list(
        _ filter: PollFilter, within own: Coverage, _ user: UUID, at now: Instant, _ page: PageRequest
    ) -> Statement<Counted<ListedPoll>> {
        Statement(
            """
            select count(*) over (), (\(own.ofWholeCondos)), \(Self.own(user)), \(columns)
            from \(tables) where \(matching(filter, within: own, at: now))
            order by \(order(page)) limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ filter: PollFilter, within own: Coverage, at now: Instant) -> Statement<Int> {
        Statement(
            """
            select count(*) from condo.polls p join condo.condos k on k.id = p.condo_id and k.deleted_at is null
            where \(matching(filter, within: own, at: now))
            """)
    }

    /// Staff see all of their condos', residents those that ask one of their units, and no drafts.
    private static func matching(_ filter: PollFilter, within own: Coverage, at now: Instant) -> SQL {
        let asked: SQL = own.units.isEmpty ? .empty : """
            or p.status <> 'draft' and exists (select from condo.units u where \(isAsked) and u.id = any(\(own.units)))
            """
        let condo: SQL = filter.condoId.map { "and p.condo_id = \($0)" } ?? .empty
        let status: SQL =
            switch filter.status {
            case nil: .empty
            case .active?: "and p.status = 'active' and p.ends_at > \(now)"
            case .closed?: "and (p.status = 'closed' or p.status = 'active' and p.ends_at <= \(now))"
            case let status?: "and p.status = \(status)"
            }
        return "p.deleted_at is null and (\(own.ofWholeCondos) \(asked)) \(condo) \(status)"
    }

    private static func order(_ page: PageRequest) -> SQL {
        switch (page.sort, page.isDescending) {
        case ("endsAt", false): "p.ends_at, p.id"
        case ("endsAt", true): "p.ends_at desc, p.id desc"
        case (_, false): "p.created_at, p.id"
        case (_, true): "p.created_at desc, p.id desc"
        }
    }

    /// The condo's time zone, and whether the entrance is one of its; the condo stays until the transaction ends.
    static func place(_ condo: ID<Condo>, _ entrance: ID<Entrance>?) -> Statement<PollPlace> {
        Statement(
            """
            select coalesce(k.timezone, c.timezone), \(entrance)::uuid is null or exists (select from condo.entrances e
              join condo.buildings b on b.id = e.building_id
              where e.id = \(entrance) and e.deleted_at is null and b.condo_id = k.id)
            from condo.condos k join condo.companies c on c.id = k.company_id
            where k.id = \(condo) and k.deleted_at is null for key share of k
            """)
    }

    /// Where a day ends.
    static func end(of day: Day, in zone: String) -> Statement<Instant> {
        Statement("select (\(day)::date + 1)::timestamp at time zone \(zone)::text")
    }

    static func insert(_ poll: Poll) -> Command {
        let draft = poll.draft
        return Command(
            """
            insert into condo.polls (id, created_at, updated_at, condo_id, entrance_id, created_by, status, title, description,
              poll_type, starts_at, ends_at, requires_quorum, quorum_percent, allow_multiple_choices, allow_abstain,
              is_anonymous, allow_vote_change, allow_custom_option, results_visibility)
            values (\(poll.id), \(poll.createdAt), \(poll.updatedAt), \(poll.condoId), \(poll.entranceId), \(poll.createdBy.id),
              \(poll.status), \(draft.title), \(draft.description), \(draft.type), \(draft.startsAt), \(draft.endsAt),
              \(draft.requiresQuorum), \(draft.quorumPercent), \(draft.allowsMultipleChoices), \(draft.allowsAbstention),
              \(draft.isAnonymous), \(draft.allowsVoteChange), \(draft.allowsCustomOption), \(draft.resultsVisibility))
            """)
    }

    static func save(_ poll: Poll) -> Command {
        let draft = poll.draft
        return Command(
            """
            update condo.polls set updated_at = \(poll.updatedAt), entrance_id = \(poll.entranceId), status = \(poll.status),
              title = \(draft.title), description = \(draft.description), poll_type = \(draft.type),
              starts_at = \(draft.startsAt), ends_at = \(draft.endsAt), requires_quorum = \(draft.requiresQuorum),
              quorum_percent = \(draft.quorumPercent), allow_multiple_choices = \(draft.allowsMultipleChoices),
              allow_abstain = \(draft.allowsAbstention), is_anonymous = \(draft.isAnonymous),
              allow_vote_change = \(draft.allowsVoteChange), allow_custom_option = \(draft.allowsCustomOption),
              results_visibility = \(draft.resultsVisibility), closed_at = \(poll.closedAt),
              cancelled_at = \(poll.cancelledAt)
            where id = \(poll.id)
            """)
    }

    static func delete(_ id: ID<Poll>, at now: Instant) -> Command {
        Command("update condo.polls set deleted_at = \(now), updated_at = \(now) where id = \(id)")
    }

    static func deleteOptions(of id: ID<Poll>) -> Command { Command("delete from condo.poll_options where poll_id = \(id)") }

    /// Answers after those that are there.
    static func add(_ texts: [String], to poll: ID<Poll>, isCustom: Bool = false) -> Command {
        let ids = texts.map { _ in ID<PollOption>.new() }
        return Command(
            """
            insert into condo.poll_options (id, poll_id, text, display_order, is_custom)
            select t.id, \(poll), t.text, t.place + (select count(*) from condo.poll_options o where o.poll_id = \(poll)),
              \(isCustom)
            from unnest(\(ids)::uuid[], \(texts)::text[]) with ordinality t (id, text, place)
            """)
    }

    /// Begins what is to begin, one poll or every one: from here on it is known how many may vote.
    static func begin(_ poll: ID<Poll>? = nil, at now: Instant) -> Command {
        let chosen: SQL = poll.map { "and p.id = \($0)" } ?? .empty
        return Command(
            """
            update condo.polls p set started_at = \(now), updated_at = \(now), total_eligible_voters = (
              select case p.poll_type when 'simple' then count(distinct r.user_id) else count(distinct r.unit_id) end
              from condo.units u join condo.residents r on r.unit_id = u.id
              where \(isAsked) and r.is_active and r.deleted_at is null)
            where p.status = 'active' and p.started_at is null and p.starts_at <= \(now) and p.deleted_at is null \(chosen)
            """)
    }

    /// Closes what has ended. Index polls_ending.
    static func closeEnded(at now: Instant) -> Command {
        Command(
            """
            update condo.polls set status = 'closed', closed_at = ends_at, updated_at = \(now)
            where status = 'active' and ends_at <= \(now)
            """)
    }
}
