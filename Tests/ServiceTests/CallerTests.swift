import Testing
import Values

@testable import Service

@Suite struct CallerTests {
    private let unit = Scope("unit", UUID.v7()), condo = Scope("condo", UUID.v7()), company = Scope("company", UUID.v7())
    private var path: ScopePath { [unit, condo, company] }

    private func caller(_ grants: (Scope, [Permission], [String])...) -> Caller {
        Caller(principal: Principal(
            kind: .user, userID: UUID.v7(), name: "n",
            grants: grants.map {
                Grant(role: "r", level: 1, scope: $0.0, permissions: PermissionSet(role: $0.1, extra: $0.2))
            }, sessionID: nil, expiresAt: Instant(microseconds: .max)))
    }

    private func status(_ body: () throws -> Void) -> Int {
        do { try body() } catch { return (error as? Problem)?.status ?? -1 }
        return 200
    }

    @Test func guestsAreUnauthorized() {
        let guest = Caller(principal: nil)
        #expect(status { try guest.require("units:read", on: path) } == 401)
        #expect(status { _ = try guest.reach("units:read") } == 401)
        #expect(status { _ = try guest.user() } == 401)
    }

    @Test func aGrantCoversWhatLiesBelowItsScope() {
        for scope in [unit, condo, company, .platform] {
            #expect(status { try caller((scope, ["units:read"], [])).require("units:read", on: path) } == 200)
        }
        let elsewhere = caller((Scope("condo", UUID.v7()), ["units:read"], []))
        #expect(status { try elsewhere.require("units:read", on: path) } == 404)
    }

    @Test func whatOneMaySeeIsForbiddenAndTheRestDoesNotExist() {
        let reader = caller((condo, ["units:read"], []))
        #expect(status { try reader.require("units:update", seeing: "units:read", on: path) } == 403)
        #expect(status { try reader.require("units:update", on: path) } == 404)
        #expect(status { try reader.require("meters:update", seeing: "meters:read", on: path) } == 404)
    }

    @Test func aDenialWinsOverEveryGrantOnThePath() {
        let denied = caller((company, ["*"], []), (unit, [], ["-units:update"]))
        #expect(denied.can("units:read", on: path))
        #expect(!denied.can("units:update", on: path))
        #expect(denied.can("units:update", on: [condo, company]))
    }

    @Test func reachIsTheListOfScopes() throws {
        let reach = try caller((condo, ["units:read"], []), (unit, ["units:read"], [])).reach("units:read")
        #expect(!reach.isEverything)
        #expect(reach.ids(of: "condo") == [condo.id])
        #expect(reach.ids(of: "unit") == [unit.id])
        #expect(reach.ids(of: "company").isEmpty)
        #expect(try caller((.platform, ["*"], [])).reach("units:read").isEverything)
        #expect(status { _ = try caller((condo, ["meters:read"], [])).reach("units:read") } == 403)
    }

    /// What a denial covers is no part of the reach: the grant's own scope, one above it, the platform.
    @Test func aDenialTakesItsScopeOutOfTheReach() throws {
        func reach(_ grants: (Scope, ScopePath, [String])...) throws -> [UUID] {
            try Caller(principal: Principal(
                kind: .user, userID: UUID.v7(), name: "n",
                grants: grants.map {
                    Grant(
                        role: "r", level: 1, scope: $0.0, path: $0.1,
                        permissions: PermissionSet(role: $0.2.isEmpty ? ["units:read"] : [], extra: $0.2))
                }, sessionID: nil, expiresAt: Instant(microseconds: .max))).reach("units:read").ids(of: "unit")
        }
        let plain = (unit, path, [String]())
        #expect(try reach(plain) == [unit.id])
        for (scope, above) in [(unit, path), (condo, [condo, company]), (company, [company]), (.platform, [])] {
            #expect(status { _ = try reach(plain, (scope, above, ["-units:read"])) } == 403)
        }
        #expect(try reach(plain, (Scope("condo", UUID.v7()), [], ["-units:read"])) == [unit.id])
        #expect(try reach(plain, (company, [company], ["-units:update"])) == [unit.id])
    }

    /// A denial below what is reached is told with the reach; one of another permission, or of the platform's whole, is not.
    @Test func aDenialBelowAGrantIsToldWithTheReach() throws {
        for wide in [company, .platform] {
            let reach = try caller(
                (wide, ["units:read"], []), (condo, [], ["-units:read"]), (unit, [], ["-units:update"])
            ).reach("units:read")
            #expect(reach.holdsDenials && reach.deniedIDs(of: "condo") == [condo.id])
            #expect(reach.deniedIDs(of: "unit").isEmpty && reach.deniedIDs(of: "company").isEmpty)
            #expect(reach.isEverything == (wide == .platform))
        }
        #expect(try !caller((company, ["units:read"], [])).reach("units:read").holdsDenials)
    }

    @Test func aLockAboveAGrantTakesItOutOfTheReach() throws {
        let locks = ScopeLocks()
        let far = Scope("unit", UUID.v7())
        func reach(reading: Bool = false, _ scopes: (Scope, ScopePath)...) throws -> [UUID] {
            let grants = scopes.map {
                Grant(role: "r", level: 1, scope: $0.0, path: $0.1, permissions: PermissionSet(role: ["units:read"]))
            }
            let principal = Principal(
                kind: .user, userID: UUID.v7(), name: "n", grants: grants, sessionID: nil,
                expiresAt: Instant(microseconds: .max))
            return try Caller(principal: principal, locks: locks, isReading: reading).reach("units:read").ids(of: "unit")
        }
        locks.replaceAll([company: ScopeLock(status: 402, code: "unpaid", reason: "Unpaid.")])
        #expect(status { _ = try reach((unit, path)) } == 402)
        #expect(try reach((unit, path), (far, [far])) == [far.id])
        locks.replaceAll([company: ScopeLock(.writes, status: 402, code: "unpaid", reason: "Unpaid.")])
        #expect(status { _ = try reach((unit, path)) } == 402)
        #expect(try reach(reading: true, (unit, path)) == [unit.id])
    }

    @Test func aLockedScopeRefusesWithItsOwnStatus() {
        let locks = ScopeLocks()
        locks.replaceAll([company: ScopeLock(status: 403, code: "company_blocked", reason: "Blocked.")])
        let grants = [Grant(role: "r", level: 1, scope: condo, permissions: PermissionSet(role: ["units:read"]))]
        let principal = Principal(
            kind: .user, userID: UUID.v7(), name: "n", grants: grants, sessionID: nil,
            expiresAt: Instant(microseconds: .max))
        let locked = Caller(principal: principal, locks: locks)
        #expect(throws: Problem.self) { try locked.require("units:read", on: path) }
        let open = Caller(principal: principal, locks: locks, ignoresLocks: true)
        #expect(status { try open.require("units:read", on: path) } == 200)
    }
}
