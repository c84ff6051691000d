import Testing

@testable import Telemetry

@Suite struct TraceContextTests {
    static let valid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test func readsAndContinues() throws {
        let context = try #require(TraceContext(traceparent: Self.valid))
        #expect(context.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(context.spanID == "00f067aa0ba902b7")
        #expect(context.isSampled)
        #expect(context.traceparent == Self.valid)
        let next = context.next()
        #expect(next.traceID == context.traceID && next.spanID != context.spanID && next.isSampled)
    }

    @Test func flagsOtherThanSampledAreNotPassedOn() throws {
        let context = try #require(TraceContext(traceparent: Self.valid.dropLast(2) + "fe"))
        #expect(!context.isSampled)
        #expect(context.traceparent.hasSuffix("-00"))
    }

    @Test func aHigherVersionMayCarryMore() {
        let body = Self.valid.dropFirst(2)
        #expect(TraceContext(traceparent: "01" + body) != nil)
        #expect(TraceContext(traceparent: "cc" + body + "-what-the-future-holds") != nil)
        #expect(TraceContext(traceparent: "cc" + body + ".what") == nil)
        #expect(TraceContext(traceparent: "ff" + body) == nil)
    }

    @Test(arguments: [
        "", "00", valid + "-", valid + "0", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "0x-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
        " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
    ])
    func refuses(_ text: String) { #expect(TraceContext(traceparent: text) == nil) }

    @Test func newTracesAreDistinctAndReadable() {
        let traces = (0..<1000).map { _ in TraceContext.begin() }
        #expect(Set(traces.map(\.traceID)).count == 1000)
        for trace in traces { #expect(TraceContext(traceparent: trace.traceparent) == trace) }
    }
}
