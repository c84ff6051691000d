/// Which stretch of a list is asked for.
struct Slice: Sendable {
    /// 1 to 100.
    var limit = 50
    var offset = 0
}
