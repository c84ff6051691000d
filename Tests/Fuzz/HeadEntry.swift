import HTTP

/// The request head: read at once or in pieces, it is understood alike; and it never reaches past its own end.
struct HeadEntry: FuzzEntry {
    let name = "head"

    func check(_ input: [UInt8], _ random: inout SplitMix) -> Verdict {
        let whole = Self.outcome(of: input, cut: nil)
        let cut = Int.random(in: 0...input.count, using: &random)
        let pieces = Self.outcome(of: input, cut: cut)
        // A head with several faults may be refused for another of them when less of it is known.
        if whole != pieces, !(whole.isRefused && pieces.isRefused) {
            return .broken("whole: \(whole); cut at \(cut): \(pieces)")
        }
        guard case .complete(let length) = whole.outcome else { return .refused }
        if length > input.count { return .broken("length \(length) of \(input.count)") }
        // What follows the head is the next message's business.
        let alone = Self.outcome(of: Array(input[..<length]), cut: nil)
        return alone == whole ? .accepted : .broken("followed by more: \(whole); alone: \(alone)")
    }

    private struct Reading: Equatable {
        var outcome: HeadOutcome
        var method: Method?
        var fields = 0
        var framing: BodyFraming?
        var closes = false

        var isRefused: Bool {
            if case .refused = outcome { true } else { false }
        }
    }

    private static func outcome(of input: [UInt8], cut: Int?) -> Reading {
        var head = RequestHead()
        let outcome = input.withUnsafeBytes { bytes in
            // A refusal of the beginning stands: nothing that follows can mend it.
            if let cut {
                let first = RequestHeadParser.parse(
                    UnsafeRawBufferPointer(rebasing: bytes[..<cut]), limits: HeadLimits(), into: &head)
                if first != .incomplete { return first }
            }
            return RequestHeadParser.parse(bytes, limits: HeadLimits(), into: &head)
        }
        guard case .complete = outcome else { return Reading(outcome: outcome) }
        return Reading(
            outcome: outcome, method: head.method, fields: head.count, framing: head.framing, closes: head.closes)
    }
}
