import JSON
import Values

/// A poll to be.
struct NewPoll: Shaped {
    let condoId: ID<Condo>
    let entranceId: ID<Entrance>?
    let title: String
    let description: String?
    let options: [String]
    let pollType: PollType
    let status: NewPollStatus
    let startsAt: Instant?
    let endsAt: PollEnd?
    let requiresQuorum: Bool
    let quorumPercent: Percent
    let allowMultipleChoices: Bool
    let allowAbstain: Bool
    let isAnonymous: Bool
    let allowVoteChange: Bool
    let allowCustomOption: Bool
    let resultsVisibility: ResultsVisibility

    static let shape = Shape(
        "NewPoll", NewPoll.init,
        Field("condoId", { $0.condoId }),
        Field("entranceId", { $0.entranceId }, doc: "One entrance of the condo; left out, the whole condo is asked."),
        Field("title", { $0.title }, .length(1...255)),
        Field("description", { $0.description }, .length(0...5000), .multiline),
        Field("options", { $0.options }, .count(2...PollOption.most), .each(.length(1...255))),
        Field("pollType", { $0.pollType }, default: { .simple }, doc: "`simple`: a voice a person; else a voice a unit."),
        Field("status", { $0.status }, default: { .active }),
        Field("startsAt", { $0.startsAt }, doc: "Now when left out."),
        Field("endsAt", { $0.endsAt }, doc: "Seven days after the start when left out; of a date its end in the condo."),
        Field("requiresQuorum", { $0.requiresQuorum }, default: { false }),
        Field("quorumPercent", { $0.quorumPercent }, .range(0...100), default: { 0 }),
        Field("allowMultipleChoices", { $0.allowMultipleChoices }, default: { false }),
        Field("allowAbstain", { $0.allowAbstain }, default: { true }),
        Field("isAnonymous", { $0.isAnonymous }, default: { false }),
        Field("allowVoteChange", { $0.allowVoteChange }, default: { false }),
        Field("allowCustomOption", { $0.allowCustomOption }, default: { false }, doc: "Voters may add an answer of their own."),
        Field("resultsVisibility", { $0.resultsVisibility }, default: { .always }))

    func draft(from startsAt: Instant, until endsAt: Instant) -> PollDraft {
        PollDraft(
            title: title, description: description, type: pollType, startsAt: startsAt, endsAt: endsAt,
            requiresQuorum: requiresQuorum, quorumPercent: quorumPercent, allowsMultipleChoices: allowMultipleChoices,
            allowsAbstention: allowAbstain, isAnonymous: isAnonymous, allowsVoteChange: allowVoteChange,
            allowsCustomOption: allowCustomOption, resultsVisibility: resultsVisibility)
    }
}

/// How a poll may begin its life.
enum NewPollStatus: String, WireEnum {
    case draft, active
}

/// A change of a poll: of a draft everything, then title, description and a later end.
struct PollBody: Shaped {
    let title: Patch<String>
    let description: Patch<String?>
    let endsAt: Patch<PollEnd>
    let entranceId: Patch<ID<Entrance>?>
    let options: Patch<[String]>
    let pollType: Patch<PollType>
    let startsAt: Patch<Instant>
    let requiresQuorum: Patch<Bool>
    let quorumPercent: Patch<Percent>
    let allowMultipleChoices: Patch<Bool>
    let allowAbstain: Patch<Bool>
    let isAnonymous: Patch<Bool>
    let allowVoteChange: Patch<Bool>
    let allowCustomOption: Patch<Bool>
    let resultsVisibility: Patch<ResultsVisibility>

    static let shape = Shape(
        "PollChange", PollBody.init,
        Field("title", { $0.title }, .length(1...255)),
        Field("description", { $0.description }, .length(0...5000), .multiline),
        Field("endsAt", { $0.endsAt }),
        Field("entranceId", { $0.entranceId }),
        Field("options", { $0.options }, .count(2...PollOption.most), .each(.length(1...255))),
        Field("pollType", { $0.pollType }),
        Field("startsAt", { $0.startsAt }),
        Field("requiresQuorum", { $0.requiresQuorum }),
        Field("quorumPercent", { $0.quorumPercent }, .range(0...100)),
        Field("allowMultipleChoices", { $0.allowMultipleChoices }),
        Field("allowAbstain", { $0.allowAbstain }),
        Field("isAnonymous", { $0.isAnonymous }),
        Field("allowVoteChange", { $0.allowVoteChange }),
        Field("allowCustomOption", { $0.allowCustomOption }),
        Field("resultsVisibility", { $0.resultsVisibility }))

    /// What only a draft lets change.
    var isOfDraft: Bool {
        entranceId.isPresent || options.isPresent || pollType.isPresent || startsAt.isPresent || requiresQuorum.isPresent
            || quorumPercent.isPresent || allowMultipleChoices.isPresent || allowAbstain.isPresent || isAnonymous.isPresent
            || allowVoteChange.isPresent || allowCustomOption.isPresent || resultsVisibility.isPresent
    }

    /// All but the end, which is reckoned in the condo's time zone.
    func apply(to draft: inout PollDraft) {
        draft.title = title.value(or: draft.title)
        draft.description = description.value(or: draft.description)
        draft.type = pollType.value(or: draft.type)
        draft.startsAt = startsAt.value(or: draft.startsAt)
        draft.requiresQuorum = requiresQuorum.value(or: draft.requiresQuorum)
        draft.quorumPercent = quorumPercent.value(or: draft.quorumPercent)
        draft.allowsMultipleChoices = allowMultipleChoices.value(or: draft.allowsMultipleChoices)
        draft.allowsAbstention = allowAbstain.value(or: draft.allowsAbstention)
        draft.isAnonymous = isAnonymous.value(or: draft.isAnonymous)
        draft.allowsVoteChange = allowVoteChange.value(or: draft.allowsVoteChange)
        draft.allowsCustomOption = allowCustomOption.value(or: draft.allowsCustomOption)
        draft.resultsVisibility = resultsVisibility.value(or: draft.resultsVisibility)
    }
}

extension PollOption {
    /// Nobody could tell two of one text apart, whatever their case.
    static func check(_ texts: [String]) throws {
        guard Set(texts.map { $0.lowercased() }).count < texts.count else { return }
        throw InvalidInput(field: "options", code: "distinct", message: "must not contain a text twice")
    }
}

/// When votes cease to be taken: an instant, or a day in the condo's time zone, at its end.
enum PollEnd: WireValue {
    case instant(Instant)
    case day(Day)

    init(from reader: inout JSONReader) throws {
        let text = Substring(try reader.readString())
        if let day = Day(text: text) {
            self = .day(day)
        } else if let instant = Instant(text: text) {
            self = .instant(instant)
        } else {
            throw Refusal.format("an instant (RFC 3339) or a date (YYYY-MM-DD)")
        }
    }

    func write(to writer: inout JSONWriter) {
        switch self {
        case .instant(let instant): instant.write(to: &writer)
        case .day(let day): day.write(to: &writer)
        }
    }

    static var schema: Schema {
        var schema = Schema(.string)
        schema.specimen = "2099-12-31T20:00:00Z"
        return schema
    }
}

/// A vote.
struct BallotBody: Shaped {
    let optionIds: [ID<PollOption>]?
    let customOption: String?
    let isAbstain: Bool
    let unitId: ID<Unit>?

    static let shape = Shape(
        "Ballot", BallotBody.init,
        Field("optionIds", { $0.optionIds }, .count(1...PollOption.most), .distinct()),
        Field("customOption", { $0.customOption }, .length(1...255), doc: "An answer of one's own, where the poll lets add one."),
        Field("isAbstain", { $0.isAbstain }, default: { false }),
        Field("unitId", { $0.unitId }, doc: "Needed by who lives in several units, where a unit has a voice."),
        example: ["optionIds"],
        check: { ballot in
            let names = ballot.optionIds != nil || ballot.customOption != nil
            if names != ballot.isAbstain { return [] }
            return [FieldError(field: "optionIds", code: "required", message: "either answers or an abstention")]
        })
}

/// What a list of polls is narrowed by.
struct PollFilter: Shaped {
    let condoId: ID<Condo>?
    let status: PollStatus?

    static let shape = Shape(
        "PollFilter", PollFilter.init, Field("condoId", { $0.condoId }), Field("status", { $0.status }))
}
