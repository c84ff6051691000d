import Testing
import Values

@testable import Identity

@Suite struct RefreshTokenTests {
    private static let start = Instant("2026-11-21T10:00:00Z")!

    /// Each row: when and from where the same token is presented a second time after its exchange at `start`.
    @Test(arguments: [
        (0, "browser", "192.0.2.1", RefreshToken.Action.repeatSuccessor(sequence: 1)),
        (10, "browser", "192.0.2.1", .repeatSuccessor(sequence: 1)),
        (11, "browser", "192.0.2.1", .endFamily),
        (1, "other", "192.0.2.1", .endFamily),
        (1, "browser", "192.0.2.2", .endFamily),
        (8 * 86_400, "browser", "192.0.2.1", .endFamily),
    ])
    func `a used token`(seconds: Int, client: String, address: String, action: RefreshToken.Action) {
        var token = token()
        #expect(token.present(at: Self.start, client: "browser", address: "192.0.2.1") == .rotate(sequence: 1))
        #expect(token.usedAt == Self.start)
        let later = Self.start + .seconds(seconds)
        #expect(token.present(at: later, client: client, address: address) == action)
        #expect(token.usedAt == Self.start)
    }

    @Test func `a fresh token may travel with its owner`() {
        var token = token()
        #expect(token.present(at: Self.start, client: "other", address: "198.51.100.7") == .rotate(sequence: 1))
        #expect(token.present(at: Self.start, client: "other", address: "198.51.100.7") == .repeatSuccessor(sequence: 1))
        #expect(token.successor(at: Self.start, life: .days(7)).address == "198.51.100.7")
        #expect(token.present(at: Self.start, client: "browser", address: "192.0.2.1") == .endFamily)
    }

    @Test func `an expired token is refused and stays unused`() {
        var token = token()
        #expect(token.present(at: token.expiresAt, client: "browser", address: "192.0.2.1") == .refuse)
        #expect(token.usedAt == nil)
    }

    @Test func `a revoked token is refused, used or not`() {
        for usedAt in [nil, Self.start] {
            var token = token(usedAt: usedAt, revokedAt: Self.start)
            #expect(token.present(at: Self.start, client: "browser", address: "192.0.2.1") == .refuse)
        }
    }

    @Test func `the successor follows in the same family with a life of its own`() {
        let token = token()
        let next = token.successor(at: Self.start + .days(3), life: .days(7))
        #expect(next.family == token.family && next.sequence == 1 && next.id != token.id)
        #expect(next.expiresAt == Self.start + .days(10))
        #expect(next.usedAt == nil && next.revokedAt == nil)
    }

    private func token(usedAt: Instant? = nil, revokedAt: Instant? = nil) -> RefreshToken {
        RefreshToken(
            id: .new(), user: .new(), family: .new(), sequence: 0, client: "browser", address: "192.0.2.1",
            createdAt: Self.start, expiresAt: Self.start + .days(7), usedAt: usedAt, revokedAt: revokedAt)
    }
}
