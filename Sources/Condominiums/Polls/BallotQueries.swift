import Postgres
import Service
import Values

/// The statements of ballots. All of them run under the lock of the poll's row.
enum BallotQueries {
    /// The units for which somebody may vote in a poll: those he lives in that it asks. Index residents_of_user.
    static func homes(of user: UUID, in poll: Poll) -> Statement<VotingUnit> {
        let entrance: SQL = poll.entranceId.map { "and u.entrance_id = \($0)" } ?? .empty
        return Statement(
            """
            select u.id, u.number from condo.residents r join condo.units u on u.id = r.unit_id
            where r.user_id = \(user) and r.condo_id = \(poll.condoId) and r.is_active and r.deleted_at is null
              and u.deleted_at is null \(entrance)
            order by u.number, u.id
            """)
    }

    static func ballot(of voter: UUID, in poll: ID<Poll>) -> Statement<Ballot> {
        Statement("select v.id, v.is_abstain from condo.poll_votes v where v.poll_id = \(poll) and v.voter_key = \(voter)")
    }

    /// Who has voted for what. Index poll_votes_once.
    static func list(_ poll: ID<Poll>, _ page: PageRequest) -> Statement<Counted<CastVote>> {
        let order: SQL = page.isDescending ? "v.voted_at desc, v.id desc" : "v.voted_at, v.id"
        return Statement(
            """
            select count(*) over (), v.user_id, identity.name_of(a), v.unit_id, u.number, v.is_abstain, v.voted_at,
              array(select c.option_id from condo.poll_vote_choices c where c.vote_id = v.id order by c.option_id)
            from condo.poll_votes v join identity.users a on a.id = v.user_id join condo.units u on u.id = v.unit_id
            where v.poll_id = \(poll) order by \(order) limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ poll: ID<Poll>) -> Statement<Int> {
        Statement("select count(*) from condo.poll_votes where poll_id = \(poll)")
    }

    static func insert(_ ballot: NewBallot, at now: Instant) -> Command {
        Command(
            """
            insert into condo.poll_votes (id, poll_id, user_id, unit_id, voter_key, is_abstain, voted_at)
            values (\(ballot.id), \(ballot.poll), \(ballot.user), \(ballot.unit), \(ballot.voter), \(ballot.isAbstain), \(now))
            """)
    }

    /// Another vote in the place of the first, by whoever of the unit casts it now.
    static func replace(_ ballot: NewBallot, at now: Instant) -> Command {
        Command(
            """
            update condo.poll_votes set user_id = \(ballot.user), unit_id = \(ballot.unit), is_abstain = \(ballot.isAbstain),
              voted_at = \(now)
            where id = \(ballot.id)
            """)
    }

    /// Takes a ballot's answers out of the count, before they are taken off it.
    static func uncount(_ ballot: ID<Ballot>) -> Command {
        Command(
            """
            update condo.poll_options o set vote_count = o.vote_count - 1 from condo.poll_vote_choices c
            where c.vote_id = \(ballot) and o.id = c.option_id
            """)
    }

    static func clear(_ ballot: ID<Ballot>) -> Command {
        Command("delete from condo.poll_vote_choices where vote_id = \(ballot)")
    }

    static func choose(_ options: [ID<PollOption>], by ballot: NewBallot) -> Command {
        Command(
            """
            insert into condo.poll_vote_choices (vote_id, option_id, poll_id)
            select \(ballot.id), c, \(ballot.poll) from unnest(\(options)) c
            """)
    }

    static func count(_ options: [ID<PollOption>]) -> Command {
        Command("update condo.poll_options set vote_count = vote_count + 1 where id = any(\(options))")
    }

    /// By how many there are more, of all and of abstentions. It is no change of the poll: when somebody has voted is nobody's
    /// business.
    static func count(votes: Int, abstentions: Int, in poll: ID<Poll>) -> Command {
        Command(
            """
            update condo.polls set total_votes = total_votes + \(votes)::int,
              abstain_votes = abstain_votes + \(abstentions)::int
            where id = \(poll)
            """)
    }
}

/// A vote that has been cast.
struct Ballot: Row {
    let id: ID<Ballot>
    let isAbstain: Bool

    init(_ row: inout RowReader) throws {
        id = try row.next()
        isAbstain = try row.next()
    }
}

/// A vote to be cast.
struct NewBallot: Sendable {
    let id: ID<Ballot>
    let poll: ID<Poll>
    let user: UUID
    let unit: ID<Unit>
    /// The person or the unit whose voice it is.
    let voter: UUID
    let isAbstain: Bool
}

/// A unit that somebody may vote for.
struct VotingUnit: Row {
    let id: ID<Unit>
    let number: String

    init(_ row: inout RowReader) throws {
        id = try row.next()
        number = try row.next()
    }
}
