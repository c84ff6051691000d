import Testing
import Values

@testable import Identity

@Suite struct InvalidationTests {
    private static let id = UUID("0190f7a2-7d4e-7c11-8a55-0123456789ab")!

    @Test(arguments: [
        ("user:0190f7a2-7d4e-7c11-8a55-0123456789ab", Invalidation.user(id)),
        ("family:0190f7a2-7d4e-7c11-8a55-0123456789ab", .family(id)),
        ("key:0190f7a2-7d4e-7c11-8a55-0123456789ab", .apiKey(id)),
        ("locks", .locks),
        ("keys", .keys),
        ("user:", nil), ("user:x", nil), ("", nil), ("everything", nil),
    ] as [(String, Invalidation?)])
    func `payloads are read as the triggers write them`(payload: String, invalidation: Invalidation?) {
        #expect(Invalidation(payload: payload) == invalidation)
    }

    @Test func `a box gives each entry once`() {
        let box = InvalidationBox()
        #expect(box.take() == nil)
        box.post(.user(Self.id))
        box.post(.locks)
        #expect(box.take() == [.user(Self.id), .locks])
        #expect(box.take() == nil)
    }

    @Test func `a box that nobody empties forgets everything rather than something`() {
        let box = InvalidationBox()
        for _ in 0..<1_500 { box.post(.user(.v7())) }
        let entries = box.take()!
        #expect(entries.first == .everything && entries.count <= 1_000)
    }
}
