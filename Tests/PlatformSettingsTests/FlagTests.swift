import JSON
import Service
import Support
import Testing
import Values

@testable import PlatformSettings

@Suite struct FlagTests {
    private static let path = "/admin/settings/features"

    /// crc32 of the texts by another implementation (zlib's of Python).
    @Test func aUserKeepsHisNumberForAFlag() throws {
        let user = try #require(UUID("0190f7a2-7d4e-7c11-8a55-000000000001"))
        #expect(FeatureFlag.number("new_checkout", user) == 76)
        #expect(FeatureFlag.number("reels", user) == 34)
    }

    @Test(arguments: [
        (false, 100, [], true, false), (true, 100, [], true, true), (true, 0, [], true, false), (true, 0, [], false, false),
        (true, 100, [Deployment.production], true, false), (true, 100, [.test], true, true), (true, 100, [], false, true),
        (true, 77, [], true, true), (true, 76, [], true, false), (true, 99, [], false, false),
    ] as [(Bool, Int, [Deployment], Bool, Bool)])
    func aFlagIsOnForSome(isEnabled: Bool, share: Int, environments: [Deployment], isSignedIn: Bool, isOn: Bool) throws {
        let user = try #require(UUID("0190f7a2-7d4e-7c11-8a55-000000000001"))
        var flag = flag("new_checkout")
        (flag.isEnabled, flag.rolloutPercentage, flag.environments) = (isEnabled, share, environments)
        #expect(flag.isOn(for: isSignedIn ? user : nil, in: .test) == isOn)
        flag.enabledFor = [user]
        #expect(flag.isOn(for: user, in: .test) == (isEnabled && environments != [.production]))
    }

    private func flag(_ key: String) -> FeatureFlag {
        NewFlag(
            key: key, name: "n", description: nil, category: "general", isEnabled: true, rolloutPercentage: 100,
            environments: [], enabledFor: []
        ).flag(at: Instant(microseconds: 0))
    }

    @Test func whoMayDoWhat() async throws {
        try await withSettings { world in
            let body: JSONValue = ["key": "reels", "name": "Reels"]
            let made = try await world.send("POST", Self.path, as: world.owner, body)
            #expect(made.status == 201, "\(made.text)")
            let one = try #require(made.field("location")).replacing("/api/v1", with: "")
            let rows: [(String, String, String?, JSONValue?, Int, String?)] = [
                ("GET", Self.path, nil, nil, 401, "unauthorized"), ("GET", Self.path, world.user, nil, 403, "forbidden"),
                ("GET", Self.path, world.admin, nil, 200, nil), ("GET", one, world.admin, nil, 200, nil),
                ("POST", Self.path, world.admin, ["key": "x", "name": "x"], 403, "forbidden"),
                ("PATCH", one, world.admin, ["name": "x"], 403, "forbidden"),
                ("DELETE", one, world.admin, nil, 403, "forbidden"),
                ("POST", Self.path, world.owner, body, 409, "key_taken"),
                ("POST", Self.path, world.owner, ["key": "No", "name": "x"], 422, "invalid_input"),
                ("POST", Self.path, world.owner, ["key": "x", "name": "x", "rolloutPercentage": 101], 422, "invalid_input"),
                ("POST", Self.path, world.owner, ["key": "x", "name": "x", "colour": "red"], 422, "unknown_field"),
                ("POST", Self.path, world.owner, ["key": "x", "name": "x", "environments": ["moon"]], 422, "invalid_input"),
                ("GET", Self.path + "/0190f7a2-7d4e-7c11-8a55-0000000000ff", world.owner, nil, 404, "not_found"),
                ("GET", Self.path + "?category=general&q=reel&isEnabled=false", world.owner, nil, 200, nil),
                ("PATCH", one, world.owner, ["rolloutPercentage": 30], 200, nil),
            ]
            for (method, path, token, body, status, code) in rows {
                let answer = try await world.send(method, path, as: token, body)
                #expect(answer.status == status && answer.code == code, "\(method) \(path): \(answer.text)")
            }
            try await world.server.checkMatching(
                MatchedChange("/api/v1" + one, as: world.owner, ["name": "One"], ["name": "Two"]))
            try await world.server.checkDeletion(of: "/api/v1" + one, as: world.owner) {
                _ = try await world.send("PATCH", one, as: world.owner, ["isEnabled": true])
            }
        }
    }

    /// 0-platform, acceptance 38.
    @Test func aFlagIsOffOnEveryInstance() async throws {
        try await withSettings { world in
            let (state, _) = try await world.neighbour()
            let made = try await world.send(
                "POST", Self.path, as: world.owner,
                ["key": "reels", "name": "Reels", "isEnabled": true, "rolloutPercentage": 100])
            let one = try #require(made.field("location")).replacing("/api/v1", with: "")
            #expect(world.module.state.flags.isOn("reels", for: .v7()), "at once where it was made")
            #expect(try await world.eventually { state.flags.isOn("reels", for: .v7()) })
            let config = try await world.send("GET", "/config", as: world.user)
            #expect(config.data["flags"]?["reels"] == true)
            let off = try await world.send("PATCH", one, as: world.owner, ["rolloutPercentage": 0])
            #expect(off.status == 200)
            #expect(!world.module.state.flags.isOn("reels", for: .v7()))
            #expect(try await world.eventually { !state.flags.isOn("reels", for: .v7()) })
            #expect(try await world.send("GET", "/config", as: world.user).data["flags"]?["reels"] == false)
            let trail = try await world.send("GET", "/audit-logs?action=feature_flag_changed", as: world.owner)
            #expect(trail.data[0]?["newValues"] == ["rolloutPercentage": 0] && trail.data[0]?["oldValues"] == ["rolloutPercentage": 100])
        }
    }
}
