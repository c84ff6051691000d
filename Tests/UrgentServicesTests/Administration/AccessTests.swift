import JSON
import Postgres
import Service
import Support
import Testing

@testable import UrgentServices

/// Who reaches what of the administration: every row as everybody.
@Suite struct AdministrationAccessTests {
    private typealias P = Board.Person
    private static let moderator = 9001, admin = 9002

    /// Method, path, body, and whether moderators may.
    private static let rows: [(String, String, JSONValue?, Bool)] = [
        ("GET", "/admin/stats", nil, true), ("GET", "/admin/orders", nil, true), ("GET", "/admin/orders/AAAAAAAAAAAA", nil, true),
        ("POST", "/admin/orders/AAAAAAAAAAAA/close", ["reason": "abc"], true),
        ("POST", "/admin/orders/AAAAAAAAAAAA/refund", ["reason": "abc"], false), ("GET", "/admin/reviews", nil, true),
        ("POST", "/admin/reviews/1/hide", ["reason": "abc"], true), ("POST", "/admin/reviews/1/restore", ["reason": "abc"], true),
        ("GET", "/admin/complaints", nil, true),
        ("POST", "/admin/complaints/1/resolve", ["reason": "abc", "decision": "accepted"], true),
        ("GET", "/admin/users", nil, true), ("GET", "/admin/users/1", nil, true),
        ("POST", "/admin/users/1/block", ["reason": "abc"], true), ("POST", "/admin/users/1/unblock", ["reason": "abc"], true),
        ("PUT", "/admin/users/1/role", ["reason": "abc", "role": "moderator"], false),
        ("POST", "/admin/users/1/balance", ["reason": "abc", "amount": 1], false), ("GET", "/admin/transactions", nil, false),
        ("GET", "/admin/audit-log", nil, false),
    ]

    /// Scenario 41: an ordinary user calling any admin route gets 403. Staff get further: to what is not there.
    @Test func everyRowKnowsItsPeople() async throws {
        try await withBoard { board in
            try await board.gather(P.e1)
            try await board.setRole(.moderator, of: Self.moderator)
            try await board.setRole(.admin, of: Self.admin)
            for (method, path, body, isForModerators) in Self.rows {
                func status(_ user: Int?) async throws -> (Int, String?) {
                    let answer = try await board.send(method, path, as: user, body)
                    return (answer.status, answer.code)
                }
                let guest = try await status(nil), user = try await status(P.e1)
                #expect(guest == (401, "not_authenticated"), "\(path): \(guest)")
                #expect(user == (403, "staff_only"), "\(path): \(user)")
                let reached = method == "GET" && !path.hasSuffix("/1") && !path.contains("AAAA") ? 200 : 404
                let moderator = try await status(Self.moderator), admin = try await status(Self.admin)
                #expect(moderator.0 == (isForModerators ? reached : 403), "\(path) as moderator: \(moderator)")
                #expect(admin.0 == reached, "\(path) as admin: \(admin)")
            }
        }
    }

    /// Nothing is changed without a reason of 3 to 500 characters.
    @Test func everyChangeSaysWhy() async throws {
        try await withBoard { board in
            try await board.setRole(.admin, of: Self.admin)
            for (method, path, body, _) in Self.rows where method != "GET" {
                for reason in [nil, "", "ab", "  a  ", String(repeating: "a", count: 501)] as [String?] {
                    var members = (body?.object ?? []).filter { $0.name != "reason" }
                    if let reason { members.append((name: "reason", value: .string(reason))) }
                    let answer = try await board.send(method, path, as: Self.admin, .object(members))
                    #expect(answer.status == 422 && answer.code == "validation_error", "\(path) \(reason ?? "nil"): \(answer.text)")
                    #expect(answer.json["errors"]?[0]?["loc"] == ["body", "reason"], "\(answer.text)")
                }
            }
            #expect(try await board.count("select count(*) from identity.audit_logs where product = 'urgent'") == 0)
        }
    }

    /// Where staff act from their own networks only, the board's do, too; everybody else comes from anywhere.
    @Test func staffActFromTheirNetworks() async throws {
        let policy = Policy(rateLimit: nil, trustedProxies: [Network("127.0.0.1")!], adminNetworks: [Network("10.0.0.0/8")!])
        try await withBoard(policy: policy) { board in
            try await board.setRole(.admin, of: Self.admin)
            func status(_ method: String, _ path: String, _ body: JSONValue?, from address: String) async throws -> (Int, String?) {
                let answer = try await board.send(method, path, as: Self.admin, body, fields: ["X-Forwarded-For": address])
                return (answer.status, answer.code)
            }
            for (method, path, body, _) in Self.rows {
                let far = try await status(method, path, body, from: "192.0.2.1"), near = try await status(method, path, body, from: "10.1.2.3")
                #expect(far == (403, "staff_only"), "\(path): \(far)")
                #expect(near.0 == 200 || near.0 == 404, "\(path): \(near)")
            }
            #expect(try await status("GET", "/users/me", nil, from: "192.0.2.1").0 == 200)
        }
    }

    /// Whom the settings name is an administrator from his first call on; staff who are blocked are none.
    @Test func administratorsAreNamedBySettings() async throws {
        var options = UrgentDoors.Options()
        options.admins = [Self.admin]
        try await withBoard(options: options) { board in
            #expect(try await board.get("/admin/audit-log", as: Self.admin).status == 200)
            try await board.come(P.e1)
            try await board.database.execute(Command("update urgent.users set blocked_at = now() where id = 9002"))
            let answer = try await board.post("/admin/users/2001/block", as: Self.admin, ["reason": "abc"])
            #expect(answer.status == 403 && answer.code == "user_blocked", "\(answer.text)")
            #expect(try await board.get("/admin/audit-log", as: Self.admin).code == "user_blocked")
            #expect(try await board.get("/users/me", as: Self.admin).status == 200)
        }
    }
}
