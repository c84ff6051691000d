import Postgres
import Values

/// A poll with what the caller has to do with it.
struct PollRow: Row {
    let hasVoted: Bool
    let ownOptions: [ID<PollOption>]
    let poll: Poll

    init(_ row: inout RowReader) throws {
        hasVoted = try row.next()
        ownOptions = try row.next()
        poll = try Poll(&row)
    }
}

/// A poll of a list, and whether the caller reads it as staff.
struct ListedPoll: Row {
    let isOfStaff: Bool
    let row: PollRow

    init(_ row: inout RowReader) throws {
        isOfStaff = try row.next()
        self.row = try PollRow(&row)
    }
}

/// Where a poll is held.
struct PollPlace: Row {
    let timeZone: String
    let hasEntrance: Bool

    init(_ row: inout RowReader) throws {
        timeZone = try row.next()
        hasEntrance = try row.next()
    }
}

extension Poll: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        condoId = try row.next()
        companyId = try row.next()
        entranceId = try row.next()
        createdBy = PersonRef(id: try row.next(), name: try row.next())
        status = try row.next()
        draft = try PollDraft(&row)
        eligible = try row.next()
        totalVotes = try row.next()
        abstainVotes = try row.next()
        startedAt = try row.next()
        closedAt = try row.next()
        cancelledAt = try row.next()
        options = try PollOption.list(&row)
    }
}

extension PollDraft {
    fileprivate init(_ row: inout RowReader) throws {
        title = try row.next()
        description = try row.next()
        type = try row.next()
        startsAt = try row.next()
        endsAt = try row.next()
        requiresQuorum = try row.next()
        quorumPercent = try row.next()
        allowsMultipleChoices = try row.next()
        allowsAbstention = try row.next()
        isAnonymous = try row.next()
        allowsVoteChange = try row.next()
        allowsCustomOption = try row.next()
        resultsVisibility = try row.next()
    }
}

extension PollOption {
    /// From five arrays of one length, or five nulls.
    fileprivate static func list(_ row: inout RowReader) throws -> [PollOption] {
        let ids: [ID<PollOption>] = try row.next() ?? []
        let texts: [String] = try row.next() ?? []
        let orders: [Int] = try row.next() ?? []
        let customs: [Bool] = try row.next() ?? []
        let votes: [Int] = try row.next() ?? []
        return ids.indices.map {
            PollOption(id: ids[$0], text: texts[$0], displayOrder: orders[$0], isCustom: customs[$0], votes: votes[$0])
        }
    }
}
