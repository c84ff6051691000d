import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Jobs
@testable import Webhooks

@Suite struct WebhookTests {
    @Test func anEventBecomesASignedRequest() async throws {
        try await withWebhooks { world in
            let (path, secret) = try await world.endpoint(["invoice.paid", "lamp.lit"])
            try await world.happens("invoice.paid", data: ["number": "A-1"])
            try await world.happens("invoice.issued")
            try await world.work()
            let taken = try #require(world.receiver.taken.first)
            #expect(world.receiver.taken.count == 1 && taken.path == "/hook" && taken.isSigned(by: secret))
            let body = try JSONValue.decode(json: taken.body)
            #expect(body["type"] == "invoice.paid" && body["data"]?["details"] == ["number": "A-1"], "\(body)")
            let log = try await world.deliveries(of: path)
            #expect(log.count == 1 && log.first?["status"] == "delivered" && log.first?["responseStatus"] == 204)
            #expect(log.first?["messageId"]?.string == taken.id && log.first?["body"] == body)
        }
    }

    /// The workers themselves: what was left in the transaction is carried out.
    @Test func workersDeliver() async throws {
        try await withWebhooks { world in
            let (_, secret) = try await world.endpoint(["*"])
            try await world.happens("lamp.lit")
            let workers = JobWorkers(
                world.module.jobs, database: world.server.database, loops: [TestLoops.group.loops[0]], log: .silent)
            try await workers.round(isHousekeeping: true)
            await workers.idle()
            #expect(world.receiver.taken.map { $0.isSigned(by: secret) } == [true])
        }
    }

    /// 0-platform, acceptance 44.
    @Test func whatFailsComesAgainUnderOneId() async throws {
        try await withWebhooks { world in
            world.receiver.answer(500)
            let (path, _) = try await world.endpoint(["*"])
            try await world.happens("lamp.lit")
            try await world.work()
            try await world.work()
            #expect(world.receiver.taken.count == 1, "the second is not due yet")
            world.server.clock.advance(by: .seconds(6))
            try await world.work()
            world.receiver.answer(302)
            world.server.clock.advance(by: .minutes(5))
            try await world.work()
            #expect(world.receiver.taken.count == 3, "a redirection is not followed, and no success")
            var log = try await world.deliveries(of: path)
            #expect(log.first?["attempt"] == 3 && log.first?["status"] == "pending" && log.first?["error"] == "answered 302")
            #expect(try await world.send("GET", path, as: world.owner).data["failingSince"]?.string != nil)
            world.receiver.answer(200)
            world.server.clock.advance(by: .minutes(31))
            try await world.work()
            #expect(Set(world.receiver.taken.map(\.id)).count == 1 && world.receiver.taken.count == 4)
            #expect(Set(world.receiver.taken.map(\.timestamp)).count > 1, "signed anew each time")
            let owner = try await world.ownerAgain()
            log = try await world.deliveries(of: path, as: owner)
            #expect(log.first?["attempt"] == 4 && log.first?["status"] == "delivered")
            #expect(try await world.send("GET", path, as: owner).data["failingSince"]?.isNull == true)
        }
    }

    @Test func goneDisablesAndItsOwnerBeginsAnew() async throws {
        try await withWebhooks { world in
            world.receiver.answer(410)
            let (path, _) = try await world.endpoint(["*"])
            try await world.happens("lamp.lit")
            try await world.work()
            #expect(try await world.send("GET", path, as: world.owner).data["status"] == "disabled")
            try await world.happens("lamp.lit")
            #expect(try await world.deliveries(of: path).count == 1, "nothing is kept for one that is gone")
            #expect(try await world.send("POST", path + "/test", as: world.owner).code == "endpoint_not_active")
            let id = try #require(try await world.deliveries(of: path).first?["id"]?.string)
            let again = path + "/deliveries/\(id)/redeliver"
            #expect(try await world.send("POST", again, as: world.owner).code == "endpoint_not_active")
            world.receiver.answer(200)
            #expect(try await world.send("PATCH", path, as: world.owner, ["status": "active"]).status == 200)
            let once = try await world.send("POST", again, as: world.owner)
            #expect(once.status == 202 && once.data["attempt"] == 0, "\(once.text)")
            #expect(try await world.send("POST", again, as: world.owner).code == "delivery_pending")
            try await world.work()
            #expect(Set(world.receiver.taken.map(\.id)).count == 1 && world.receiver.taken.count == 2)
        }
    }

    @Test func whatWaitsForAPausedEndpointIsGivenUp() async throws {
        try await withWebhooks { world in
            let (path, _) = try await world.endpoint(["*"])
            try await world.happens("lamp.lit")
            #expect(try await world.send("PATCH", path, as: world.owner, ["status": "paused"]).data["status"] == "paused")
            try await world.work()
            #expect(world.receiver.taken.isEmpty)
            let log = try await world.deliveries(of: path)
            #expect(log.first?["status"] == "failed" && log.first?["error"] == "the endpoint is paused")
        }
    }

    @Test func bothSecretsSignForADayAfterARotation() async throws {
        try await withWebhooks { world in
            let (path, old) = try await world.endpoint(["*"])
            let rotated = try await world.send("POST", path + "/rotate", as: world.owner)
            let new = try #require(rotated.data["secret"]?.string)
            #expect(rotated.status == 200 && new.hasPrefix("whsec_") && new != old)
            try await world.happens("lamp.lit")
            try await world.work()
            let during = try #require(world.receiver.taken.last)
            #expect(during.isSigned(by: old) && during.isSigned(by: new))
            world.server.clock.advance(by: .hours(25))
            try await world.happens("lamp.lit")
            try await world.work()
            let after = try #require(world.receiver.taken.last)
            #expect(!after.isSigned(by: old) && after.isSigned(by: new))
            let stored = try await world.server.database.one(
                Statement<Bool>("select position('whsec' in e::text) > 0 from webhooks.endpoints e"))
            #expect(!stored)
        }
    }

    /// Of two companies, each hears of its own; the platform hears of both.
    @Test func anEndpointHearsOfItsScopeAlone() async throws {
        try await withWebhooks { world in
            let own: [String: JSONValue] = ["scopeType": "company", "scopeId": .string(WebhookWorld.company.description)]
            let (mine, _) = try await world.endpoint(["*"], own, as: world.director)
            let (all, _) = try await world.endpoint(["*"])
            try await world.happens("lamp.lit", in: Scope("company", WebhookWorld.company))
            try await world.happens("lamp.lit", in: Scope("company", WebhookWorld.other))
            try await world.happens("lamp.lit")
            #expect(try await world.deliveries(of: mine).count == 1)
            #expect(try await world.deliveries(of: all).count == 3)
            let foreign: [String: JSONValue] = ["scopeType": "company", "scopeId": .string(WebhookWorld.other.description)]
            for scope in [foreign, [:], ["scopeType": "castle"], ["scopeType": "company"]] {
                let body: JSONValue = .object([("url", "https://a.example.com/"), ("events", ["*"])] + scope.map { ($0.key, $0.value) })
                let answer = try await world.send("POST", "", as: world.director, body)
                #expect(answer.status == 422 && answer.code == "scope_unknown", "\(answer.text)")
            }
            #expect(try await world.send("GET", "", as: world.director).meta["total"] == 1)
            #expect(try await world.send("GET", all, as: world.director).status == 404)
            #expect(try await world.send("DELETE", all, as: world.director).status == 404)
            #expect(try await world.send("GET", all + "/deliveries", as: world.director).status == 404)
            let id = try #require(try await world.deliveries(of: all).first?["id"]?.string)
            #expect(try await world.send("POST", mine + "/deliveries/\(id)/redeliver", as: world.director).status == 404)
        }
    }

    @Test func whatWasToldOfSomebodyIsHisToSeeAndGoesWithHim() async throws {
        try await withWebhooks { world in
            let hook = try await world.endpoint(["payment.succeeded", "user.deleted"])
            let (him, another) = (UUID.v7(), UUID.v7())
            for person in [him, another] {
                try await world.happens("payment.succeeded", data: ["payerId": .string("\(person)"), "amount": 5])
            }
            try await world.work()
            try await world.happens("user.deleted", data: ["userId": .string("\(him)")])
            let personal = try #require(world.module.personalData.first)
            let told = try JSONValue.decode(json: try await personal.export(him).bytes).array ?? []
            #expect(told.map { $0["event"]?.string } == ["user.deleted", "payment.succeeded"], "\(told)")
            #expect(told.last?["receiver"]?.string.map { world.address.hasSuffix($0) } == true)
            #expect(told.last?["data"]?["details"]?["amount"] == 5 && told.last?["status"] == "delivered")
            for _ in 0..<2 { try await personal.erase(him) }
            let left = try await world.deliveries(of: hook.path).map { $0["event"]?.string }
            #expect(left == ["user.deleted", "payment.succeeded"], "what is still to be sent, and another's: \(left)")
            let rest = try JSONValue.decode(json: try await personal.export(another).bytes).array?.count
            #expect(rest == 1)
        }
    }

    @Test func whoMayDoWhat() async throws {
        try await withWebhooks { world in
            let (one, _) = try await world.endpoint(["*"])
            let body: JSONValue = ["url": "https://hooks.example.com/", "events": ["invoice.paid"]]
            func with(_ name: String, _ value: JSONValue) -> JSONValue {
                .object((body.object ?? []).filter { $0.name != name } + [(name, value)])
            }
            let rows: [(String, String, String?, JSONValue?, Int, String?)] = [
                ("GET", "", nil, nil, 401, "unauthorized"), ("GET", "", world.user, nil, 403, "forbidden"),
                ("POST", "", world.user, body, 403, "forbidden"), ("GET", one, world.user, nil, 403, "forbidden"),
                ("GET", "?status=active", world.owner, nil, 200, nil), ("GET", one, world.owner, nil, 200, nil),
                ("POST", "", world.owner, body, 201, nil),
                ("POST", "", world.owner, with("url", "https://127.0.0.2/"), 422, "url_not_public"),
                ("POST", "", world.owner, with("url", "http://hooks.example.com/"), 422, "url_insecure"),
                ("POST", "", world.owner, with("url", "nonsense"), 422, "url_invalid"),
                ("POST", "", world.owner, with("events", ["moon.rise"]), 422, "event_unknown"),
                ("POST", "", world.owner, with("events", []), 422, "invalid_input"),
                ("POST", "", world.owner, with("secret", "mine"), 422, "unknown_field"),
                ("PATCH", one, world.owner, ["url": "https://169.254.169.254/"], 422, "url_not_public"),
                ("PATCH", one, world.owner, ["status": "disabled"], 422, "invalid_input"),
                ("POST", one + "/test", world.owner, nil, 202, nil),
                ("GET", one + "/deliveries?status=pending&event=webhook.test", world.owner, nil, 200, nil),
                ("GET", one + "/deliveries?cursor=!", world.owner, nil, 422, "invalid_input"),
                ("GET", "/0190f7a2-7d4e-7c11-8a55-0000000000ff", world.owner, nil, 404, "not_found"),
            ]
            for (method, path, token, body, status, code) in rows {
                let answer = try await world.send(method, path, as: token, body)
                #expect(answer.status == status && answer.code == code, "\(method) \(path) \(body ?? .null): \(answer.text)")
            }
            let path = "/api/v1/webhook-endpoints" + one
            try await world.server.checkMatching(
                MatchedChange(path, as: world.owner, ["description": "a"], ["description": "b"]))
            try await world.server.checkDeletion(of: path, as: world.owner) {
                _ = try await world.send("PATCH", one, as: world.owner, ["status": "paused"])
            }
        }
    }

    /// The guard stands where the connection is made, not only where the URL is taken: a name leads where it likes later.
    @Test func aNameThatLeadsInsideIsNotFollowed() async throws {
        try await withWebhooks { world in
            let (path, _) = try await world.endpoint(["*"])
            let id = String(path.dropFirst())
            try await world.server.database.execute(
                Command("update webhooks.endpoints set url = 'https://127.0.0.2/' where id = \(UUID(id)!)"))
            try await world.happens("lamp.lit")
            try await world.work()
            let log = try await world.deliveries(of: path)
            #expect(log.first?["error"] == "127.0.0.2 does not lie in the public internet", "\(log)")
        }
    }
}
