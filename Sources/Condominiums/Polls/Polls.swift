import Postgres
import Service
import Values

/// The door of polls.
struct Polls: Sendable {
    let database: Database
    let condos: Condos
    let trail: Trail
    let clock: Clock

    static let usualLength = Duration.days(7)

    // MARK: Reading

    func page(_ filter: PollFilter, _ page: PageRequest, for caller: Caller) async throws -> Page<PollView> {
        let own = try caller.coverage(.pollsRead)
        let now = clock.now()
        return try await Page(
            PollQueries.list(filter, within: own, try caller.user(), at: now, page),
            beyondTheEnd: PollQueries.count(filter, within: own, at: now), of: page, from: database
        ) { PollView($0.row, isOfStaff: $0.isOfStaff, at: now) }
    }

    func one(_ id: ID<Poll>, for caller: Caller) async throws -> PollView {
        let seen = try await see(id, for: caller)
        return PollView(seen.item, isOfStaff: isOfStaff(seen, caller), at: clock.now())
    }

    func results(_ id: ID<Poll>, for caller: Caller) async throws -> PollResults {
        let view = try await one(id, for: caller)
        guard view.showsResults else { throw PollProblem.resultsHidden }
        return PollResults(poll: view.poll)
    }

    func votes(_ id: ID<Poll>, _ page: PageRequest, for caller: Caller) async throws -> Page<CastVote> {
        let seen = try await see(id, for: caller)
        try caller.require(.pollsManage, seeing: .pollsRead, on: seen.path)
        if seen.item.poll.draft.isAnonymous { throw PollProblem.pollAnonymous }
        return try await Page(
            BallotQueries.list(id, page), beyondTheEnd: BallotQueries.count(id), of: page, from: database
        ) { $0 }
    }

    /// The poll when the caller may read it, with the path of his rights on it: the team, and who lives where it asks, but for
    /// drafts. 404 otherwise.
    func see(_ id: ID<Poll>, for caller: Caller) async throws -> Seen<PollRow> {
        let own = try caller.sight(.pollsRead)
        guard let seen = try await database.first(PollQueries.one(id, for: own, try caller.user())) else {
            throw HouseProblem.notFound.problem
        }
        let staffs = seen.item.poll.scopes
        try caller.require(.pollsRead, on: seen.item.poll.status == .draft ? staffs : seen.path)
        return seen
    }

    private func isOfStaff(_ seen: Seen<PollRow>, _ caller: Caller) -> Bool {
        caller.can(.pollsRead, on: seen.item.poll.scopes)
    }

    // MARK: Changes

    func create(_ body: NewPoll, by author: Author) async throws -> PollView {
        let condo = try await condos.see(body.condoId, for: author.caller, to: .pollsManage).item
        let now = clock.now()
        let id = ID<Poll>.new()
        let user = try author.userID
        return try await database.changing {
            let zone = try await zone(body.condoId, body.entranceId)
            let begins = body.startsAt ?? now
            let ends = if let given = body.endsAt { try await end(given, zone) } else { begins + Self.usualLength }
            let poll = Poll(
                id: id, createdAt: now, updatedAt: now, condoId: condo.id, companyId: condo.company.id,
                entranceId: body.entranceId, createdBy: PersonRef(id: user, name: ""),
                status: body.status == .draft ? .draft : .active, draft: body.draft(from: begins, until: ends))
            try check(poll.draft, at: now)
            try PollOption.check(body.options)
            try await database.write([
                PollQueries.insert(poll), PollQueries.add(body.options, to: id), PollQueries.begin(id, at: now),
            ])
            let made = try await locked(id)
            await trail.record("poll_created", "poll", "\(id)", new: PollView(made), in: .condo(body.condoId), by: author)
            return try await one(id, for: author.caller)
        }
    }

    func change(_ id: ID<Poll>, _ body: PollBody, by author: Author) async throws -> PollView {
        try await changing(id, "poll_changed", by: author) { poll in
            let now = clock.now()
            let isDraft = poll.status == .draft
            guard isDraft || poll.status == .active && !body.isOfDraft else { throw PollProblem.pollNotEditable }
            let entrance = body.entranceId.value(or: poll.entranceId)
            let zone = try await zone(poll.condoId, entrance)
            poll.entranceId = entrance
            body.apply(to: &poll.draft)
            if case .set(let end) = body.endsAt {
                let end = try await self.end(end, zone)
                guard isDraft || end >= poll.draft.endsAt else { throw PollProblem.pollNotEditable }
                poll.draft.endsAt = end
            }
            if isDraft { try check(poll.draft, at: now) }
            if case .set(let texts) = body.options {
                try PollOption.check(texts)
                try await database.write([PollQueries.deleteOptions(of: id), PollQueries.add(texts, to: id)])
            }
        }
    }

    func activate(_ id: ID<Poll>, by author: Author) async throws -> PollView {
        try await changing(id, "poll_activated", by: author, asksMatch: false) { try $0.activate(at: clock.now()) }
    }

    func close(_ id: ID<Poll>, by author: Author) async throws -> PollView {
        try await changing(id, "poll_closed", by: author, asksMatch: false) { try $0.close(at: clock.now()) }
    }

    func cancel(_ id: ID<Poll>, by author: Author) async throws -> PollView {
        try await changing(id, "poll_cancelled", by: author, asksMatch: false) { try $0.cancel(at: clock.now()) }
    }

    func delete(_ id: ID<Poll>, by author: Author) async throws {
        try await manage(id, by: author)
        try await database.changing {
            let poll = try await lock(id)
            try await author.caller.checkMatch()
            guard poll.totalVotes == 0 else { throw PollProblem.pollHasVotes }
            try await database.execute(PollQueries.delete(id, at: clock.now()))
            await trail.record("poll_deleted", "poll", "\(id)", old: PollView(poll), in: .condo(poll.condoId), by: author)
        }
    }

    /// Begins and closes what is due: every minute, on every instance at once if it happens so.
    func tick() async throws {
        let now = clock.now()
        try await database.write([PollQueries.begin(at: now), PollQueries.closeEnded(at: now)])
    }

    // MARK: Within

    /// Inside a transaction: the poll, to which nobody else does anything until that ends.
    func lock(_ id: ID<Poll>) async throws -> Poll {
        guard try await database.first(PollQueries.lock(id)) != nil else { throw HouseProblem.notFound.problem }
        return try await locked(id)
    }

    func locked(_ id: ID<Poll>) async throws -> Poll {
        guard let poll = try await database.first(PollQueries.locked(id)) else { throw HouseProblem.notFound.problem }
        return poll
    }

    private func manage(_ id: ID<Poll>, by author: Author) async throws {
        let seen = try await see(id, for: author.caller)
        try author.caller.require(.pollsManage, seeing: .pollsRead, on: seen.path)
    }

    private func changing(
        _ id: ID<Poll>, _ action: String, by author: Author, asksMatch: Bool = true,
        _ change: (inout Poll) async throws -> Void
    ) async throws -> PollView {
        try await manage(id, by: author)
        return try await database.changing {
            let now = clock.now()
            let old = try await lock(id).settled(at: now)
            if asksMatch { try await author.caller.checkMatch() }
            var poll = old
            try await change(&poll)
            poll.updatedAt = now
            try await database.write([PollQueries.save(poll), PollQueries.begin(id, at: now)])
            let saved = try await locked(id)
            await trail.record(
                action, "poll", "\(id)", from: PollView(old), to: PollView(saved), in: .condo(poll.condoId), by: author)
            return try await one(id, for: author.caller)
        }
    }

    private func zone(_ condo: ID<Condo>, _ entrance: ID<Entrance>?) async throws -> String {
        guard let place = try await database.first(PollQueries.place(condo, entrance)) else {
            throw HouseProblem.notFound.problem
        }
        guard place.hasEntrance else {
            throw InvalidInput(field: "entranceId", code: "elsewhere", message: "The condo has no such entrance.")
        }
        return place.timeZone
    }

    private func end(_ end: PollEnd, _ zone: String) async throws -> Instant {
        switch end {
        case .instant(let instant): instant
        case .day(let day): try await database.one(PollQueries.end(of: day, in: zone))
        }
    }

    private func check(_ draft: PollDraft, at now: Instant) throws {
        guard draft.endsAt > draft.startsAt, draft.endsAt > now else {
            throw InvalidInput(field: "endsAt", code: "range", message: "must be after the start, and to come")
        }
    }
}

extension Poll {
    /// Where staff have their rights on it.
    var scopes: ScopePath { [.condo(condoId), .company(companyId)] }
}
