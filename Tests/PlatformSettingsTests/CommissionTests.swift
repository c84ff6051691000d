import JSON
import Payments
import Service
import Support
import Testing
import Values

@testable import PlatformSettings

@Suite struct CommissionTests {
    private static let path = "/admin/settings/commissions/bazaar"

    @Test func rulesReplaceRulesAndTheOldOnesStayInTheHistory() async throws {
        try await withSettings { world in
            let rules = world.module.commissions
            #expect(try await rules.rule(of: "bazaar", "standard") == nil)
            let first: JSONValue = ["rules": [["basis": "standard", "rate": .number("7.5")], ["basis": "category", "key": "books", "rate": 3, "minimum": 100, "maximum": 500]]]
            let set = try await world.send("PUT", Self.path, as: world.owner, first)
            #expect(set.status == 200 && set.data["bases"] == ["standard", "category"], "\(set.text)")
            #expect(try await rules.rule(of: "bazaar", "standard") == Commission(fixed: 0, percent: Percent("7.5")!))
            #expect(try await rules.rule(of: "bazaar", "category", "books")?.maximum == 500)
            #expect(try await rules.rule(of: "bazaar", "category", "toys") == nil)
            #expect(try await rules.rule(of: "school", "standard") == nil)
            let second = try await world.send("PUT", Self.path, as: world.owner, ["rules": [["basis": "category", "rate": 4]]])
            #expect(second.data["rules"]?.array?.count == 1)
            #expect(try await rules.rule(of: "bazaar", "category", "books")?.percent == 4, "the rule for all keys")
            let history = try await world.send("GET", Self.path, as: world.admin).data["history"]?.array ?? []
            #expect(history.count == 2)
            #expect(history.first?["newValues"]?["rules"] == ["category/*: 4 %"], "\(history)")
            #expect(history.first?["oldValues"]?["rules"] == ["category/books: 3 % within 100…500", "standard/*: 7.5 %"])
        }
    }

    @Test func aPreviewWritesNothing() async throws {
        try await withSettings { world in
            let preview = Self.path + "/preview"
            _ = try await world.send(
                "PUT", Self.path, as: world.owner,
                ["rules": [["basis": "standard", "rate": 5, "fixed": 30, "minimum": 100, "maximum": 2000]]])
            for (amount, share) in [("100.00", "5.30"), ("5.00", "1.00"), ("1000.00", "20.00"), ("0.50", "0.50")] {
                let answer = try await world.send(
                    "POST", preview, as: world.admin, ["amount": .number(amount), "currency": "EUR"])
                #expect(answer.data["commission"] == .number(share), "\(amount): \(answer.text)")
            }
            let tried = try await world.send(
                "POST", preview, as: world.admin,
                ["amount": 10, "currency": "EUR", "basis": "category", "key": "toys", "rules": [["basis": "category", "rate": 50]]])
            #expect(tried.data["commission"] == 5 && tried.data["net"] == 5 && tried.data["rule"]?["rate"] == 50)
            let none = try await world.send(
                "POST", preview, as: world.admin, ["amount": 10, "currency": "EUR", "basis": "category"])
            #expect(none.data["commission"]?.isNull == true)
            #expect(try await world.module.commissions.rule(of: "bazaar", "category") == nil)
        }
    }

    @Test func whoMaySetWhat() async throws {
        try await withSettings { world in
            let rule: JSONValue = ["basis": "standard", "rate": 5]
            let rows: [(String, String, String?, JSONValue?, Int, String?)] = [
                ("GET", Self.path, nil, nil, 401, "unauthorized"), ("GET", Self.path, world.user, nil, 403, "forbidden"),
                ("GET", "/admin/settings/commissions/moon", world.owner, nil, 404, "not_found"),
                ("PUT", "/admin/settings/commissions/moon", world.owner, ["rules": [rule]], 404, "not_found"),
                ("PUT", Self.path, world.admin, ["rules": [rule]], 403, "forbidden"),
                ("PUT", Self.path, world.owner, ["rules": [rule, rule]], 422, "invalid_input"),
                ("PUT", Self.path, world.owner, ["rules": [["basis": "moon", "rate": 5]]], 422, "invalid_input"),
                ("PUT", Self.path, world.owner, ["rules": [["basis": "standard", "rate": .number("100.01")]]], 422, "invalid_input"),
                ("PUT", Self.path, world.owner, ["rules": [["basis": "standard", "rate": 5, "minimum": 2, "maximum": 1]]], 422, "invalid_input"),
                ("POST", Self.path + "/preview", world.user, ["amount": 1, "currency": "EUR"], 403, "forbidden"),
                ("POST", Self.path + "/preview", world.admin, ["amount": .number("1.001"), "currency": "EUR"], 422, "invalid_input"),
                ("POST", Self.path + "/preview", world.admin, ["amount": 1, "currency": "EUR", "basis": "moon"], 422, "basis_unknown"),
            ]
            for (method, path, token, body, status, code) in rows {
                let answer = try await world.send(method, path, as: token, body)
                #expect(answer.status == status && answer.code == code, "\(method) \(path) \(body ?? .null): \(answer.text)")
            }
            try await world.server.checkMatching(
                MatchedChange("/api/v1" + Self.path, by: "PUT", as: world.owner, ["rules": [rule]], ["rules": []]))
        }
    }
}
