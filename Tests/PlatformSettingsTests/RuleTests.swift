import HTTP
import JSON
import Payments
import Service
import Support
import Testing
import Values

@testable import PlatformSettings

/// Limits, networks and maintenance: what every request obeys.
@Suite struct RuleTests {
    private static let limits = "/admin/settings/rate-limits"
    private static let networks = "/admin/settings/address-rules"
    /// The peer is a proxy, so that tests choose addresses.
    private static let policy = Policy(trustedProxies: [Network("127.0.0.1")!])

    private static func from(_ address: String) -> [String: String] { ["X-Forwarded-For": address] }

    // MARK: Limits

    @Test func theLongestBeginningDecidesAndThenTheRole() async throws {
        try await withSettings(policy: Self.policy) { world in
            func set(_ operation: String, _ role: String, _ quantity: Int) async throws -> String {
                let body: JSONValue = [
                    "operation": .string(operation), "role": .string(role), "quantity": .number("\(quantity)"),
                    "windowSeconds": 60,
                ]
                let answer = try await world.send("POST", Self.limits, as: world.owner, body)
                #expect(answer.status == 201, "\(answer.text)")
                return try #require(answer.field("location")).replacing("/api/v1", with: "")
            }
            func policy(_ token: String?, _ path: String = "/admin/settings/features") async throws -> String? {
                try await world.send("GET", path, as: token).field("ratelimit-policy")
            }
            #expect(try await policy(world.admin) == "\"default\";q=100;w=60")
            _ = try await set("*", "admin", 50)
            #expect(try await policy(world.admin) == "\"* admin\";q=50;w=60")
            #expect(try await policy(world.owner) == "\"default\";q=100;w=60")
            let wide = try await set("/api/v1/admin", "*", 1000)
            #expect(try await policy(world.admin)?.hasSuffix("q=1000;w=60") == true)
            _ = try await set("/api/v1/admin/settings", "admin", 2)
            _ = try await set("GET /api/v1/admin/settings/features", "moderator", 1)
            for left in [1, 0] {
                let answer = try await world.send("GET", "/admin/settings/features", as: world.admin)
                #expect(answer.field("ratelimit")?.contains("r=\(left);") == true, "\(answer.fields)")
            }
            let refused = try await world.send("GET", "/admin/settings/roles", as: world.admin)
            #expect(refused.status == 429 && refused.code == "rate_limited" && refused.field("retry-after") != nil)
            #expect(try await world.send("GET", "/config", as: world.admin).status == 200, "counted for itself")
            #expect(try await world.send("DELETE", wide, as: world.owner).status == 204)
            #expect(try await policy(world.owner) == "\"default\";q=100;w=60")
            let (_, board) = try await world.neighbour()
            #expect(board.rules.limits.count == 3)
        }
    }

    @Test func whoeverIsNotSignedInIsToldHisLimitToo() async throws {
        try await withSettings(policy: Self.policy) { world in
            let first = try await world.send("GET", "/admin/settings/features", as: nil, fields: Self.from("192.0.2.9"))
            #expect(first.status == 401 && first.field("ratelimit")?.hasPrefix("\"unsigned\";r=99") == true, "\(first.fields)")
            let bad = try await world.send("GET", "/admin/settings/features", as: "x.y.z", fields: Self.from("192.0.2.9"))
            #expect(bad.status == 401 && bad.field("ratelimit-policy") == "\"unproved\";q=100;w=60")
            let guest: JSONValue = ["operation": "/api/v1/config", "role": "guest", "quantity": 1, "windowSeconds": 60]
            #expect(try await world.send("POST", Self.limits, as: world.owner, guest).status == 201)
            #expect(try await world.send("GET", "/config", as: nil, fields: Self.from("192.0.2.9")).status == 200)
            #expect(try await world.send("GET", "/config", as: nil, fields: Self.from("192.0.2.9")).status == 429)
            #expect(try await world.send("GET", "/config", as: world.user).status == 200)
        }
    }

    @Test func whoMaySetLimits() async throws {
        try await withSettings { world in
            let body: JSONValue = ["operation": "/api/v1/config", "quantity": 5, "windowSeconds": 60]
            let made = try await world.send("POST", Self.limits, as: world.owner, body)
            let one = try #require(made.field("location")).replacing("/api/v1", with: "")
            func changed(_ name: String, _ value: JSONValue) -> JSONValue {
                .object((body.object ?? []).filter { $0.name != name } + [(name, value)])
            }
            let rows: [(String, String, String?, JSONValue?, Int, String?)] = [
                ("GET", Self.limits, nil, nil, 401, "unauthorized"), ("GET", Self.limits, world.user, nil, 403, "forbidden"),
                ("GET", Self.limits + "?q=config", world.admin, nil, 200, nil), ("GET", one, world.admin, nil, 200, nil),
                ("POST", Self.limits, world.admin, body, 403, "forbidden"),
                ("POST", Self.limits, world.owner, body, 409, "limit_taken"),
                ("POST", Self.limits, world.owner, changed("operation", "/api/v1/moon"), 422, "operation_unknown"),
                ("POST", Self.limits, world.owner, changed("operation", "/api/v1/con"), 422, "operation_unknown"),
                ("POST", Self.limits, world.owner, changed("operation", "POST /api/v1/config"), 422, "operation_unknown"),
                ("POST", Self.limits, world.owner, changed("role", "astronaut"), 422, "role_unknown"),
                ("POST", Self.limits, world.owner, changed("quantity", 0), 422, "invalid_input"),
                ("POST", Self.limits, world.owner, changed("quantity", 100_001), 422, "invalid_input"),
                ("PATCH", one, world.owner, ["operation": "/api/v1/moon"], 422, "operation_unknown"),
                ("PATCH", one, world.admin, ["quantity": 6], 403, "forbidden"),
                ("GET", Self.limits + "/0190f7a2-7d4e-7c11-8a55-0000000000ff", world.owner, nil, 404, "not_found"),
            ]
            for (method, path, token, body, status, code) in rows {
                let answer = try await world.send(method, path, as: token, body)
                #expect(answer.status == status && answer.code == code, "\(method) \(path) \(body ?? .null): \(answer.text)")
            }
            try await world.server.checkMatching(
                MatchedChange("/api/v1" + one, as: world.owner, ["quantity": 6], ["quantity": 7]))
            try await world.server.checkDeletion(of: "/api/v1" + one, as: world.owner) {
                _ = try await world.send("PATCH", one, as: world.owner, ["isActive": false])
            }
        }
    }

    // MARK: Networks

    @Test func aDeniedNetworkIsRefusedBeforeItIsRouted() async throws {
        try await withSettings(policy: Self.policy) { world in
            func add(_ kind: String, _ network: String) async throws -> TestAnswer {
                try await world.send(
                    "POST", Self.networks, as: world.owner, ["kind": .string(kind), "network": .string(network)],
                    fields: Self.from("192.0.2.1"))
            }
            #expect(try await add("deny", "198.51.100.7/24").data["network"] == "198.51.100.0/24")
            #expect(try await add("allow", "198.51.100.9").status == 201)
            #expect(try await add("deny", "2001:db8::/32").status == 201)
            for (address, status) in [
                ("198.51.100.1", 403), ("198.51.100.9", 200), ("198.51.101.1", 200), ("2001:db8::1", 403), ("2001:db9::1", 200),
            ] {
                let answer = try await world.send("GET", "/config", as: nil, fields: Self.from(address))
                #expect(answer.status == status, "\(address): \(answer.text)")
                if status == 403 {
                    #expect(answer.code == "address_refused")
                    // Not even that there is no such path.
                    #expect(try await world.send("GET", "/moon", as: nil, fields: Self.from(address)).status == 403)
                }
            }
            let (_, board) = try await world.neighbour()
            #expect(board.rules.addresses.refuses("198.51.100.1") && !board.rules.addresses.refuses("198.51.100.9"))
        }
    }

    @Test func nobodyShutsHimselfOut() async throws {
        try await withSettings(policy: Self.policy) { world in
            let own = Self.from("192.0.2.1")
            func add(_ kind: String, _ network: String) async throws -> TestAnswer {
                let body: JSONValue = ["kind": .string(kind), "network": .string(network)]
                return try await world.send("POST", Self.networks, as: world.owner, body, fields: own)
            }
            #expect(try await add("deny", "192.0.2.0/24").code == "own_address")
            let exception = try await add("allow", "192.0.2.1")
            let path = try #require(exception.field("location")).replacing("/api/v1", with: "")
            #expect(try await add("deny", "0.0.0.0/0").status == 201)
            let rows: [(String, String, String?, JSONValue?, Int, String?)] = [
                ("DELETE", path, world.owner, nil, 409, "own_address"),
                ("PATCH", path, world.owner, ["kind": "deny"], 409, "own_address"),
                ("PATCH", path, world.owner, ["network": "192.0.2.2"], 409, "own_address"),
                ("POST", Self.networks, world.owner, ["kind": "deny", "network": "192.0.2.1/32"], 409, "network_taken"),
                ("POST", Self.networks, world.owner, ["kind": "deny", "network": "192.0.2.300"], 422, "invalid_input"),
                ("POST", Self.networks, world.owner, ["kind": "maybe", "network": "192.0.2.3"], 422, "invalid_input"),
                ("POST", Self.networks, world.admin, ["kind": "deny", "network": "192.0.2.3"], 403, "forbidden"),
                ("GET", Self.networks + "?kind=deny", world.admin, nil, 200, nil),
                ("GET", path, world.user, nil, 403, "forbidden"), ("GET", path, world.admin, nil, 200, nil),
                ("GET", Self.networks + "/0190f7a2-7d4e-7c11-8a55-0000000000ff", world.owner, nil, 404, "not_found"),
            ]
            for (method, path, token, body, status, code) in rows {
                let answer = try await world.send(method, path, as: token, body, fields: own)
                #expect(answer.status == status && answer.code == code, "\(method) \(path) \(body ?? .null): \(answer.text)")
            }
        }
        try await withSettings { world in
            let body: JSONValue = ["kind": "deny", "network": "203.0.113.0/24"]
            let made = try await world.send("POST", Self.networks, as: world.owner, body)
            let path = try #require(made.field("location"))
            try await world.server.checkMatching(MatchedChange(path, as: world.owner, ["note": "a"], ["note": "b"]))
            try await world.server.checkDeletion(of: path, as: world.owner) {
                _ = try await world.server.send("PATCH", path, token: world.owner, body: ["kind": "allow"])
            }
        }
    }

    // MARK: Maintenance

    /// 0-platform, acceptance 38.
    @Test func whileItIsMaintainedOnlyStaffGoOn() async throws {
        try await withSettings { world in
            let (_, board) = try await world.neighbour()
            let path = "/admin/settings/maintenance"
            for (token, status) in [(nil, 401), (world.user, 403), (world.admin, 403)] as [(String?, Int)] {
                #expect(try await world.send("POST", path, as: token, ["isEnabled": true]).status == status)
            }
            #expect(try await world.send("POST", path, as: world.owner, ["message": "x"]).status == 422)
            let on = try await world.send(
                "POST", path, as: world.owner, ["isEnabled": true, "message": "Back at noon."])
            #expect(on.status == 200)
            let user = try await world.send("GET", "/users/me", as: world.user)
            #expect(user.status == 503 && user.code == "maintenance" && user.field("retry-after") == "60")
            #expect(user.json["detail"] == "Back at noon.")
            #expect(try await world.send("GET", "/users/me", as: world.admin).status == 200)
            let config = try await world.send("GET", "/config", as: nil)
            #expect(config.data["maintenance"] == ["isEnabled": true, "message": "Back at noon."])
            // Staff have to be able to sign in.
            _ = try await world.token("admin@example.com")
            #expect(try await world.eventually { board.rules.maintenance?.message == "Back at noon." })
            #expect(try await world.send("POST", path, as: world.owner, ["isEnabled": false]).status == 200)
            #expect(try await world.send("GET", "/users/me", as: world.user).status == 200)
            #expect(try await world.eventually { board.rules.maintenance == nil })
        }
    }
}
