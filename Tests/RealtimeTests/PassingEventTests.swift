import JSON
import Testing

@testable import Realtime

@Suite struct PassingEventTests {
    private func event(_ bytes: Int, _ name: String = "e") -> PassingEvent {
        PassingEvent(rooms: ["r"], name: name, data: JSONText(encoding: String(repeating: "x", count: bytes)))
    }

    /// As many in one notification as it holds, in their order.
    @Test func theyArePackedAndUnpacked() throws {
        let events = [event(10, "a\nb"), event(4000, "c"), event(4000, "d"), event(7900, "too large"), event(1, "e")]
        let (payloads, tooLarge) = PassingEvent.packed(events)
        #expect(payloads.count == 2 && payloads.allSatisfy { $0.utf8.count <= 7900 })
        #expect(tooLarge.map(\.name) == ["too large"])
        let read = try payloads.flatMap(PassingEvent.unpacked)
        #expect(read.map(\.name) == ["a\nb", "c", "d", "e"] && read.allSatisfy { $0.rooms == ["r"] })
        #expect(read.map(\.data) == [events[0], events[1], events[2], events[4]].map(\.data))
    }
}
