import JSON
import Service
import Values

/// How polls are reached.
enum PollOperations {
    private static let base = "/api/v1/polls"

    static func all(_ polls: Polls, _ ballots: Ballots) -> [Operation] { reads(polls) + changes(polls) + steps(polls, ballots) }

    private static func reads(_ polls: Polls) -> [Operation] {
        [
            .list(
                base, "listPolls", "Polls", tag: "Polls", who: .permission(.pollsRead), filter: PollFilter.self,
                sort: ["-createdAt", "endsAt"]
            ) { call, filter, page in
                try await polls.page(filter, page, for: call.caller)
            },
            .get(base + "/{id}", "getPoll", "A poll", tag: "Polls", who: .permission(.pollsRead)) { call in
                try await polls.one(call.id(), for: call.caller)
            },
            .get(
                base + "/{id}/results", "getPollResults", "How a poll stands", tag: "Polls", who: .permission(.pollsRead),
                problems: [PollProblem.resultsHidden]
            ) { call in
                try await polls.results(call.id(), for: call.caller)
            },
            .list(
                base + "/{id}/votes", "listPollVotes", "Who has voted for what", tag: "Polls", who: .permission(.pollsManage),
                problems: [PollProblem.pollAnonymous], filter: Empty.self, sort: ["-votedAt"]
            ) { call, _, page in
                try await polls.votes(call.id(), page, for: call.caller)
            },
        ]
    }

    private static func changes(_ polls: Polls) -> [Operation] {
        [
            .post(
                base, "createPoll", "Ask a condo, or one entrance", tag: "Polls", who: .permission(.pollsManage),
                body: NewPoll.self, location: { "\(base)/\($0.id)" }
            ) { call, body in
                try await polls.create(body, by: Author(of: call))
            },
            .patch(
                base + "/{id}", "changePoll", "Change a draft, or what a poll that has begun still lets change", tag: "Polls",
                who: .permission(.pollsManage), problems: [PollProblem.pollNotEditable], body: PollBody.self
            ) { call, body in
                try await polls.change(call.id(), body, by: Author(of: call))
            },
            .delete(
                base + "/{id}", "deletePoll", "Delete a poll in which nobody has voted", tag: "Polls",
                who: .permission(.pollsManage), problems: [PollProblem.pollHasVotes]
            ) { call in
                try await polls.delete(call.id(), by: Author(of: call))
            },
        ]
    }

    private static func steps(_ polls: Polls, _ ballots: Ballots) -> [Operation] {
        [
            .action(
                base + "/{id}/activate", "activatePoll", "Open a draft to votes", tag: "Polls", who: .permission(.pollsManage),
                problems: [PollProblem.invalidTransition]
            ) { call in
                try await polls.activate(call.id(), by: Author(of: call))
            },
            .action(
                base + "/{id}/close", "closePoll", "Take no more votes", tag: "Polls", who: .permission(.pollsManage),
                problems: [PollProblem.invalidTransition]
            ) { call in
                try await polls.close(call.id(), by: Author(of: call))
            },
            .action(
                base + "/{id}/cancel", "cancelPoll", "Withdraw a poll", tag: "Polls", who: .permission(.pollsManage),
                problems: [PollProblem.invalidTransition]
            ) { call in
                try await polls.cancel(call.id(), by: Author(of: call))
            },
            .post(
                base + "/{id}/vote", "votePoll", "Vote, or abstain", tag: "Polls", who: .permission(.pollsVote),
                problems: PollProblem.ofVotes, body: BallotBody.self, status: 200
            ) { call, body in
                try await ballots.vote(body, in: call.id(), by: call.caller)
            },
        ]
    }
}
