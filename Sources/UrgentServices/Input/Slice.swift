/// Which stretch of a list is asked for.
struct Slice: Sendable {
    /// 1 to 100; nothing where it lies behind all that a list reaches.
    var limit = 50
    var offset = 0

    /// How many of the newest have to be found for it.
    var depth: Int { limit == 0 ? 0 : offset + limit }

    /// What of it a list has that goes back so far.
    func within(_ reach: Int) -> Slice { Slice(limit: max(0, min(limit, reach - offset)), offset: offset) }
}
