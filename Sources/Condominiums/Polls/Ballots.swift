import JSON
import Postgres
import Service
import Values

/// The door of ballots. Who votes is not written into the trail, and of anonymous polls nobody can be asked.
struct Ballots: Sendable {
    let database: Database
    let polls: Polls
    let clock: Clock

    func vote(_ body: BallotBody, in id: ID<Poll>, by caller: Caller) async throws -> PollView {
        let user = try caller.user()
        let seen = try await polls.see(id, for: caller)
        try caller.require(.pollsVote, seeing: .pollsRead, on: seen.path)
        try await database.changing(refusing: ["poll_votes_once": PollProblem.alreadyVoted.problem]) {
            let now = clock.now()
            let poll = try await polls.lock(id)
            guard poll.isOpen(at: now) else { throw PollProblem.pollNotOpen }
            if poll.startedAt == nil { try await database.execute(PollQueries.begin(id, at: now)) }
            let unit = try await unit(body.unitId, of: user, in: poll)
            let voter = poll.draft.type == .simple ? user : unit.uuid
            let chosen = try await choice(body, in: poll)
            let cast = try await database.first(BallotQueries.ballot(of: voter, in: id))
            if cast != nil, !poll.draft.allowsVoteChange { throw PollProblem.alreadyVoted }
            let ballot = NewBallot(
                id: cast?.id ?? .new(), poll: id, user: user, unit: unit, voter: voter, isAbstain: body.isAbstain)
            let before = cast.map {
                [BallotQueries.uncount($0.id), BallotQueries.clear($0.id), BallotQueries.replace(ballot, at: now)]
            } ?? [BallotQueries.insert(ballot, at: now)]
            try await database.write(before + [
                BallotQueries.choose(chosen, by: ballot), BallotQueries.count(chosen),
                BallotQueries.count(
                    votes: cast == nil ? 1 : 0,
                    abstentions: (body.isAbstain ? 1 : 0) - (cast?.isAbstain == true ? 1 : 0), in: id),
            ])
        }
        return try await polls.one(id, for: caller)
    }

    /// For which of the voter's units: the only one where he has one, and where each person has a voice any.
    private func unit(_ named: ID<Unit>?, of user: UUID, in poll: Poll) async throws -> ID<Unit> {
        let homes = try await database.all(BallotQueries.homes(of: user, in: poll))
        guard let first = homes.first else { throw HouseProblem.forbidden.problem }
        if let named {
            guard homes.contains(where: { $0.id == named }) else {
                throw InvalidInput(field: "unitId", code: "elsewhere", message: "is none of your units that are asked")
            }
            return named
        }
        if homes.count > 1, poll.draft.type != .simple {
            throw PollProblem.unitRequired.on("unitId").with("units", .array(homes.map { home in
                ["id": .string("\(home.id)"), "number": .string(home.number)]
            }))
        }
        return first.id
    }

    /// The answers of a vote, one of the voter's own among them.
    private func choice(_ body: BallotBody, in poll: Poll) async throws -> [ID<PollOption>] {
        if body.isAbstain {
            if poll.draft.allowsAbstention { return [] }
            throw InvalidInput(field: "isAbstain", code: "not_allowed", message: "This poll takes no abstentions.")
        }
        var chosen = body.optionIds ?? []
        let known = Set(poll.options.map(\.id))
        if let index = chosen.firstIndex(where: { !known.contains($0) }) {
            throw InvalidInput(field: "optionIds[\(index)]", code: "elsewhere", message: "The poll has no such option.")
        }
        if let text = body.customOption {
            let option = try await add(text, to: poll)
            if !chosen.contains(option) { chosen.append(option) }
        }
        if chosen.count > 1, !poll.draft.allowsMultipleChoices {
            throw InvalidInput(field: "optionIds", code: "count", message: "must be one answer")
        }
        return chosen
    }

    /// - Returns: the answer with this text, which may be there already.
    private func add(_ text: String, to poll: Poll) async throws -> ID<PollOption> {
        guard poll.draft.allowsCustomOption else {
            throw InvalidInput(field: "customOption", code: "not_allowed", message: "This poll has the answers it has.")
        }
        func find(in options: [PollOption]) -> PollOption? { options.first { $0.text.lowercased() == text.lowercased() } }
        if let option = find(in: poll.options) { return option.id }
        guard poll.options.count < PollOption.most else {
            throw InvalidInput(field: "customOption", code: "count", message: "The poll has \(PollOption.most) answers already.")
        }
        try await database.execute(PollQueries.add([text], to: poll.id, isCustom: true))
        guard let added = find(in: try await polls.locked(poll.id).options) else { throw HouseProblem.notFound.problem }
        return added.id
    }
}
