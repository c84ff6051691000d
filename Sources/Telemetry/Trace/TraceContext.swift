import Synchronization

/// A place in a distributed trace (W3C Trace Context, level 1): the trace, the span that is current, and whether the
/// caller recorded it.
package struct TraceContext: Hashable, Sendable {
    /// 16 bytes, not all zero.
    package let traceHigh, traceLow: UInt64
    /// 8 bytes, not zero: the span under which what follows happens.
    package let span: UInt64
    package let isSampled: Bool

    /// A trace that begins here.
    package static func begin(isSampled: Bool = false) -> TraceContext {
        TraceContext(traceHigh: Self.identifier(), traceLow: Self.identifier(), span: Self.identifier(), isSampled: isSampled)
    }

    /// The same trace, in a new span of ours.
    package func next() -> TraceContext {
        TraceContext(traceHigh: traceHigh, traceLow: traceLow, span: Self.identifier(), isSampled: isSampled)
    }

    /// 32 digits.
    package var traceID: String { Self.hex(traceHigh) + Self.hex(traceLow) }
    /// 16 digits.
    package var spanID: String { Self.hex(span) }

    /// The `traceparent` to send onward. Of the flags only "sampled" is passed on: "the current version of this
    /// specification only supports a single flag" and others "must be set to zero" (section 3.2.2.5).
    package var traceparent: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    private static func hex(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    // Identifiers must be unlike others', not unguessable: SplitMix64 over a counter from a random start.
    private static let counter = Atomic<UInt64>(UInt64.random(in: .min ... .max))

    private static func identifier() -> UInt64 {
        var value = counter.wrappingAdd(0x9e37_79b9_7f4a_7c15, ordering: .relaxed).newValue
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        value ^= value >> 31
        return value == 0 ? 1 : value
    }
}
