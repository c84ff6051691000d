import JSON
import Testing
import Values

@testable import Realtime

/// What a socket is told of a room, whichever way events come.
@Suite struct MembershipTests {
    private func event(_ seq: Int, isFirst: Bool = false) -> ToldEvent {
        ToldEvent(
            RoomEvent(
                room: "square:1", seq: seq, name: "told", data: JSONText(trusted: Array("{}".utf8)), at: .distantFuture,
                isFirst: isFirst))
    }

    @Test(arguments: [
        (5, 6, false, Membership.Step.event), (5, 5, false, .nothing), (5, 4, false, .nothing), (5, 8, false, .eventAfterGap),
        // A room that begins: what came before was nothing, or a day earlier.
        (5, 1_000, true, .event),
    ])
    func eachNumberOnceAndGapsAreSeen(_ told: Int, _ seq: Int, _ isFirst: Bool, _ step: Membership.Step) {
        var membership = Membership(told: told)
        #expect(membership.take(event(seq, isFirst: isFirst)) == step)
        #expect(membership.take(event(seq, isFirst: isFirst)) == .nothing)
    }

    @Test func whatComesInTheMeantimeIsHeldInItsOrder() {
        var membership = Membership(told: 5, holding: true)
        for seq in 6...9 { #expect(membership.take(event(seq)) == .nothing) }
        #expect(membership.release(told: 7).map(\.event.seq) == [6, 7, 8, 9])
        #expect((6...9).map { membership.take(event($0)) } == [.nothing, .nothing, .event, .event])
    }

    @Test func whatIsTooMuchToHoldIsAGap() {
        var membership = Membership(told: 0, holding: true)
        for seq in 1...(Membership.mostHeld + 1) { _ = membership.take(event(seq)) }
        let held = membership.release(told: 0)
        #expect(held.count == Membership.mostHeld)
        #expect(membership.take(held[0]) == .eventAfterGap)
    }
}
