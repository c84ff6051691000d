/// What somebody has missed who has heard a room up to a number.
enum Missed: Sendable {
    case events([RoomEvent])
    /// More than is kept, or nobody knows: he has to read anew.
    case unknown

    /// - Parameters:
    ///   - seq: the number up to which he has heard; of a room without events, the one he was told when he entered.
    ///   - kept: the events with larger numbers, in order.
    init(after seq: Int, _ head: RoomHead, kept: [RoomEvent]) {
        // A number from before the room's first event says when it was given: nothing was told since if that is not
        // longer ago than events are kept.
        let isRecent = seq <= head.now && seq >= head.now - RoomHead.kept
        guard let first = head.first, let last = head.last else {
            self = isRecent ? .events([]) : .unknown
            return
        }
        guard seq <= last, seq >= first - 1 || isRecent else {
            self = .unknown
            return
        }
        let next = max(seq + 1, first)
        // Without a gap, up to the head at least.
        let isWhole = (kept.first?.seq ?? last + 1) == next && kept.count == (kept.last?.seq ?? last) - next + 1
            && (kept.last?.seq ?? last) >= last
        self = isWhole ? .events(kept) : .unknown
    }
}
