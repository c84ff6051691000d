/// One parser under fire, with the promises that must hold for every input.
protocol FuzzEntry: Sendable {
    var name: String { get }
    func check(_ input: [UInt8], _ random: inout SplitMix) -> Verdict
}

enum Verdict {
    case accepted
    case refused
    /// What should have held and did not.
    case broken(String)
}

/// A small generator whose every run can be repeated from its seed.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
