import JSON
import Postgres
import Values

/// A vote as managers see it, where the poll is not anonymous.
struct CastVote: Row {
    let user: PersonRef
    let unit: NumberRef<Unit>
    let isAbstain: Bool
    let votedAt: Instant
    let options: [ID<PollOption>]

    init(_ row: inout RowReader) throws {
        user = PersonRef(id: try row.next(), name: try row.next())
        unit = try NumberRef(id: row.next(), number: row.next())
        isAbstain = try row.next()
        votedAt = try row.next()
        options = try row.next()
    }
}

extension CastVote: WireOutput {
    static let shape = Shape<CastVote>(
        output: "PollVote",
        Field("user", { $0.user }),
        Field("unit", { $0.unit }),
        Field("optionIds", { $0.options }),
        Field("isAbstain", { $0.isAbstain }),
        Field("votedAt", { $0.votedAt }))
}
