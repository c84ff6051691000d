/// A socket's place in a room.
struct Membership {
    /// What is told to the socket of an event.
    enum Step: Equatable {
        case nothing
        case event
        /// Events between the last one told and this are gone: the word to read anew, then the event.
        case eventAfterGap
    }

    /// The number up to which the socket has been told: nothing is told twice, whichever way it comes.
    private(set) var told: Int
    /// While what was missed is being read: what has come since, to be told behind it; nil otherwise.
    private var held: [ToldEvent]?

    /// As many as a room keeps: beyond them the gap is told of.
    static let mostHeld = 200

    /// - Parameter holding: what comes is held back until `release`.
    init(told: Int, holding: Bool = false) {
        self.told = told
        held = holding ? [] : nil
    }

    /// An event has come.
    mutating func take(_ event: ToldEvent) -> Step {
        guard held == nil else {
            // The oldest gives way: what is left shows the gap by its number.
            if held!.count == Self.mostHeld { held!.removeFirst() }
            held!.append(event)
            return .nothing
        }
        if event.event.isPassing { return .event }
        let seq = event.event.seq
        guard seq > told else { return .nothing }
        let isNext = seq == told + 1 || event.event.isFirst
        told = seq
        return isNext ? .event : .eventAfterGap
    }

    /// What was missed has been told up to a number: from here on events are told as they come. Answers those held back.
    mutating func release(told: Int) -> [ToldEvent] {
        let waiting = held ?? []
        held = nil
        self.told = told
        return waiting
    }
}
