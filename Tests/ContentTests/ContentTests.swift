import Crypto
@testable import Files
import Identity
import JSON
import Jobs
import Postgres
import Service
import Support
import Synchronization
import Testing
import Values

@testable import Content

@Suite struct ContentTests {
    private struct Desk: Sendable {
        let server: TestServer
        let module: ContentModule
        let people: TestPeople

        func send(_ method: String, _ path: String, as name: String? = nil, _ body: JSONValue? = nil) async throws -> TestAnswer {
            try await server.send(method, "/api/v1" + path, token: name, body: body)
        }

        /// An uploaded picture, by its row.
        func picture(of owner: String) async throws -> UUID {
            let id = UUID.v7()
            try await server.database.execute(
                Command(
                    """
                    insert into files.files (id, purpose, storage, key, name, mime, size, sha256, visibility, owner_id)
                    values (\(id), 'slide_image', 'local', \(id.description), 'a.png', 'image/png', 1,
                        decode(repeat('00', 32), 'hex'), 'public', \(people[owner]))
                    """))
            return id
        }

        func goneFiles() async throws -> [UUID] {
            try await server.database.all(Statement<UUID>("select id from files.files where deleted_at is not null order by id"))
        }

        /// Guest, somebody without a right, a writer of a scope alone: none of them writes.
        func refusesStrangers(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws {
            for (name, status) in [(nil, 401), ("reader", 403), ("scoped", 403)] as [(String?, Int)] {
                let answer = try await send(method, path, as: name, body)
                #expect(answer.status == status, "\(name ?? "guest") \(method) \(path): \(answer.text)")
            }
        }
    }

    private func withContent(_ body: @escaping @Sendable (Desk) async throws -> Void) async throws {
        var people = TestPeople()
        let all: [Permission] = [.contentRead, .contentCreate, .contentUpdate, .contentDelete]
        let writer = Role("writer", title: "Writer", product: "test", level: 1, on: [.platform], permissions: all)
        people.add("writer", writer, on: .platform)
        people.add("scoped", writer, on: Scope("condo", .v7()))
        people.add("reader")
        people.add("subscriber")
        let cast = people
        let kept = Mutex<ContentModule?>(nil)
        try await withServer { platform in
            try await cast.settle(platform.database)
            let audit = Audit(database: platform.database, clock: platform.clock, log: platform.log)
            let files = Files(
                database: platform.database, purposes: FilePurposes([ContentModule.slideImage]),
                addresses: FileAddresses(server: "http://content.test", key: [1]),
                stores: .folder(TestCluster.folder + "/content", pool: platform.blocking),
                quota: 1 << 20, jobs: Jobs(database: platform.database), outbox: platform.outbox, pool: platform.blocking, clock: platform.clock)
            let module = ContentModule(
                database: platform.database, files: files, cache: platform.cache,
                premium: { user, _ in user == cast["subscriber"] },
                trail: StaffTrail(audit, RoleBook(cast.allRoles)), clock: platform.clock)
            kept.withLock { $0 = module }
            return TestComposition(authenticator: cast, modules: [module])
        } _: { server in
            guard let module = kept.withLock({ $0 }) else { preconditionFailure("the server was composed") }
            try await body(Desk(server: server, module: module, people: cast))
        }
    }

    private static let words = "<p>" + String(repeating: "What we keep of you, and why. ", count: 5) + "</p>"

    private func page(_ slug: String, _ type: String = "privacy_policy", locale: String = "en") -> JSONValue {
        [
            "slug": .string(slug), "title": "Privacy", "content": .string(Self.words + "<script>x</script>"),
            "pageType": .string(type), "locale": .string(locale),
        ]
    }

    @Test func aPageIsWrittenPublishedAndReplaced() async throws {
        try await withContent { desk in
            let admin = "/admin/content/pages"
            try await desk.refusesStrangers("POST", admin, page("privacy"))
            try await desk.refusesStrangers("GET", admin)
            let written = try await desk.send("POST", admin, as: "writer", page("privacy"))
            #expect(written.status == 201 && written.data["content"]?.string == Self.words)
            #expect(try await desk.send("POST", admin, as: "writer", page("privacy")).code == "slug_taken")
            for (member, value) in [("slug", "Big Words"), ("content", "<p>short</p>"), ("locale", "english"), ("pageType", "x")] as [(String, JSONValue)] {
                var members = page("other").object ?? []
                members.removeAll { $0.name == member }
                let answer = try await desk.send("POST", admin, as: "writer", .object(members + [(member, value)]))
                #expect(answer.refusedFields == [member], "\(answer.text)")
            }
            let path = try #require(written.field("location")).replacing("/api/v1", with: "")
            #expect(try await desk.send("GET", "/content/pages/privacy").status == 404)
            try await desk.refusesStrangers("POST", path + "/publish")
            #expect(try await desk.send("POST", path + "/publish", as: "writer").data["status"] == "published")
            #expect(try await desk.send("POST", path + "/publish", as: "writer").code == "invalid_state")
            // Nobody wrote it in Bulgarian yet.
            #expect(try await desk.send("GET", "/content/pages/privacy?locale=bg").data["locale"] == "en")
            #expect(try await desk.send("GET", "/content/pages").meta["total"] == 1)
            try await desk.server.checkMatching(
                MatchedChange("/api/v1" + path, as: "writer", ["title": "Privacy now"], ["excerpt": "Short"]))
            #expect(try await desk.send("DELETE", path, as: "writer").code == "invalid_state")
            // Another of its type takes its place.
            let next = try await desk.send("POST", admin, as: "writer", page("privacy-2"))
            let second = try #require(next.field("location")).replacing("/api/v1", with: "")
            #expect(try await desk.send("POST", second + "/publish", as: "writer").status == 200)
            #expect(try await desk.send("GET", path, as: "writer").data["status"] == "draft")
            #expect(try await desk.send("GET", "/content/pages?pageType=privacy_policy").data[0]?["slug"] == "privacy-2")
            let versions = try await desk.send("GET", path + "/versions", as: "writer")
            #expect(versions.data.array?.map { $0["title"]?.string } == ["Privacy now", "Privacy"])
            try await desk.refusesStrangers("GET", path + "/versions")
            #expect(try await desk.send("POST", second + "/unpublish", as: "writer").data["publishedAt"] == .null)
            #expect(try await desk.send("POST", second + "/unpublish", as: "writer").code == "invalid_state")
            try await desk.refusesStrangers("DELETE", path)
            #expect(try await desk.send("DELETE", path, as: "writer").status == 204)
            #expect(try await desk.send("GET", path, as: "writer").status == 404)
            #expect(try await desk.send("GET", admin + "?status=draft&q=priv", as: "writer").meta["total"] == 1)
            #expect(try await desk.send("POST", admin, as: "writer", page("privacy")).status == 201)
        }
    }

    @Test func severalPublishedAtOnceLeaveOne() async throws {
        try await withContent { desk in
            var paths: [String] = []
            for index in 0..<5 {
                let written = try await desk.send("POST", "/admin/content/pages", as: "writer", page("p-\(index)"))
                paths.append(try #require(written.field("location")).replacing("/api/v1", with: ""))
            }
            try await withThrowingTaskGroup(of: Int.self) { group in
                for path in paths { group.addTask { try await desk.send("POST", path + "/publish", as: "writer").status } }
                for try await status in group { #expect(status == 200) }
            }
            #expect(try await desk.send("GET", "/content/pages").meta["total"] == 1)
        }
    }

    @Test func whatIsScheduledIsPublishedInItsMinute() async throws {
        try await withContent { desk in
            let written = try await desk.send("POST", "/admin/content/pages", as: "writer", page("terms", "terms_of_service"))
            let path = try #require(written.field("location")).replacing("/api/v1", with: "") + "/schedule"
            let past: JSONValue = .string("\(Instant.now - .seconds(5))")
            #expect(try await desk.send("POST", path, as: "writer", ["scheduledFor": past]).refusedFields == ["scheduledFor"])
            let soon: JSONValue = ["scheduledFor": .string("\(Instant.now + .hours(1))")]
            try await desk.refusesStrangers("POST", path, soon)
            #expect(try await desk.send("POST", path, as: "writer", soon).data["status"] == "scheduled")
            #expect(try await desk.send("POST", path, as: "writer", soon).code == "invalid_state")
            try await desk.module.pages.publishDue()
            #expect(try await desk.send("GET", "/content/pages/terms").status == 404)
            desk.server.clock.advance(by: .hours(1))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 { group.addTask { try await desk.module.pages.publishDue() } }
                try await group.waitForAll()
            }
            #expect(try await desk.send("GET", "/content/pages/terms").data["version"] == 1)
        }
    }

    @Test func questionsAreCountedOnceADay() async throws {
        try await withContent { desk in
            let admin = "/admin/content/faqs"
            let body: JSONValue = ["question": "How?", "answer": "<p onclick=x>So.</p>", "category": "start", "displayOrder": 2]
            try await desk.refusesStrangers("POST", admin, body)
            let written = try await desk.send("POST", admin, as: "writer", body)
            #expect(written.status == 201 && written.data["answer"] == "<p>So.</p>")
            #expect(try await desk.send("POST", admin, as: "writer", ["question": "x"]).refusedFields == ["answer", "category"])
            let id = written.data["id"]?.string ?? ""
            for name in [nil, nil, "reader", "reader"] as [String?] {
                #expect(try await desk.send("POST", "/content/faqs/\(id)/view", as: name).status == 200)
                #expect(try await desk.send("POST", "/content/faqs/\(id)/feedback", as: name, ["helpful": true]).status == 200)
            }
            #expect(try await desk.send("POST", "/content/faqs/\(id)/feedback", as: "writer", ["helpful": false]).status == 200)
            desk.server.clock.advance(by: .days(1))
            let seen = try await desk.send("POST", "/content/faqs/\(id)/view", as: "reader")
            #expect(seen.data["viewCount"] == 3 && seen.data["helpfulCount"] == 2 && seen.data["notHelpfulCount"] == 1)
            let second = try await desk.send("POST", admin, as: "writer", ["question": "Why?", "answer": "Because.", "category": "start", "displayOrder": 1])
            let other = second.data["id"]?.string ?? ""
            #expect(try await desk.send("GET", "/content/faqs?category=start").data[0]?["question"] == "Why?")
            let order: JSONValue = ["ids": [.string(id), .string(other)]]
            try await desk.refusesStrangers("POST", admin + "/reorder", order)
            #expect(try await desk.send("POST", admin + "/reorder", as: "writer", order).data["updated"] == 2)
            #expect(try await desk.send("GET", admin, as: "writer").data[0]?["question"] == "How?")
            try await desk.server.checkMatching(
                MatchedChange("/api/v1\(admin)/\(id)", as: "writer", ["question": "How now?"], ["status": "inactive"]))
            #expect(try await desk.send("POST", "/content/faqs/\(id)/view").status == 404)
            #expect(try await desk.send("GET", "/content/faqs").meta["total"] == 1)
            try await desk.refusesStrangers("DELETE", "\(admin)/\(id)")
            #expect(try await desk.send("DELETE", "\(admin)/\(id)", as: "writer").status == 204)
            #expect(try await desk.send("GET", "\(admin)/\(id)", as: "writer").status == 404)
        }
    }

    @Test func slidesOfAnAudience() async throws {
        try await withContent { desk in
            let admin = "/admin/content/slides"
            let body: JSONValue = ["audience": "resident", "title": "Hello", "description": "Look around", "buttonText": "Next"]
            try await desk.refusesStrangers("POST", admin, body)
            let written = try await desk.send("POST", admin, as: "writer", body)
            let id = written.data["id"]?.string ?? ""
            #expect(written.status == 201)
            #expect(try await desk.send("GET", "/content/slides?audience=resident").meta["total"] == 1)
            #expect(try await desk.send("GET", "/content/slides?audience=guard").meta["total"] == 0)
            try await desk.server.checkMatching(
                MatchedChange("/api/v1\(admin)/\(id)", as: "writer", ["title": "Welcome"], ["status": "inactive"]))
            #expect(try await desk.send("GET", "/content/slides").meta["total"] == 0)
            #expect(try await desk.send("POST", admin + "/reorder", as: "writer", ["ids": [.string(id)]]).data["updated"] == 1)
            #expect(try await desk.send("GET", admin, as: "writer").meta["total"] == 1)
            #expect(try await desk.send("GET", admin + "?status=shown", as: "writer").refusedFields == ["status"])
            #expect(try await desk.send("GET", "/content/slides?pageType=about").code == "unknown_field")
            try await desk.refusesStrangers("DELETE", "\(admin)/\(id)")
            #expect(try await desk.send("DELETE", "\(admin)/\(id)", as: "writer").status == 204)
        }
    }

    /// A picture is the slide's while the slide shows it, and goes with it or when another takes its place.
    @Test func slidesHavePictures() async throws {
        try await withContent { desk in
            let admin = "/admin/content/slides"
            let first = try await desk.picture(of: "writer")
            func body(_ image: UUID) -> JSONValue {
                [
                    "audience": "resident", "title": "Hello", "description": "Look", "buttonText": "Next",
                    "imageFileId": .string(image.description),
                ]
            }
            #expect(try await desk.send("POST", admin, as: "writer", body(try await desk.picture(of: "reader"))).status == 404)
            let written = try await desk.send("POST", admin, as: "writer", body(first))
            #expect(written.data["imageUrl"]?.string == "/api/v1/files/\(first)/content", "\(written.text)")
            #expect(try await desk.send("POST", admin, as: "writer", body(first)).code == "in_use")
            let path = admin + "/" + (written.data["id"]?.string ?? "")
            let second = try await desk.picture(of: "writer")
            let change: JSONValue = ["imageFileId": .string(second.description)]
            #expect(try await desk.send("PATCH", path, as: "writer", change).data["imageFileId"] == change["imageFileId"])
            #expect(try await desk.goneFiles() == [first])
            #expect(try await desk.send("DELETE", path, as: "writer").status == 204)
            #expect(try await desk.goneFiles() == [first, second])
            // Nothing refers to them any more.
            try await desk.server.database.execute(Command("delete from files.files where deleted_at is not null"))
        }
    }

    @Test func whatIsReadAgainComesFromMemoryUntilItChanges() async throws {
        try await withContent { desk in
            let body: JSONValue = ["question": "How?", "answer": "So.", "category": "start"]
            let written = try await desk.send("POST", "/admin/content/faqs", as: "writer", body)
            let id = written.data["id"]?.string ?? ""
            for cached in ["MISS", "HIT"] {
                let list = try await desk.send("GET", "/content/faqs?category=start", as: cached == "HIT" ? "reader" : nil)
                #expect(list.field("x-cache") == cached && list.meta["total"] == 1)
            }
            let changes: [(String, String, String?, JSONValue?)] = [
                ("POST", "/content/faqs/\(id)/view", nil, nil),
                ("POST", "/content/faqs/\(id)/feedback", "reader", ["helpful": true]),
                ("PATCH", "/admin/content/faqs/\(id)", "writer", ["answer": "Otherwise."]),
                ("DELETE", "/admin/content/faqs/\(id)", "writer", nil),
            ]
            for (method, path, name, body) in changes {
                #expect(try await desk.send(method, path, as: name, body).status < 300, "\(method) \(path)")
                let list = try await desk.send("GET", "/content/faqs?category=start")
                #expect(list.field("x-cache") == "MISS", "\(method) \(path)")
            }
            #expect(try await desk.send("GET", "/content/faqs?category=start").meta["total"] == 0)
            // A page appears by the job, too.
            let page = try await desk.send("POST", "/admin/content/pages", as: "writer", page("terms", "terms_of_service"))
            let soon: JSONValue = ["scheduledFor": .string("\(Instant.now + .hours(1))")]
            let path = try #require(page.field("location")).replacing("/api/v1", with: "") + "/schedule"
            #expect(try await desk.send("POST", path, as: "writer", soon).status == 200)
            for _ in 0..<2 { #expect(try await desk.send("GET", "/content/pages").meta["total"] == 0) }
            desk.server.clock.advance(by: .hours(1))
            try await desk.module.pages.publishDue()
            #expect(try await desk.send("GET", "/content/pages").meta["total"] == 1)
        }
    }

    @Test func templatesAreFilledIn() async throws {
        try await withContent { desk in
            let admin = "/admin/content/templates"
            func body(_ content: String, premium: Bool = false) -> JSONValue {
                [
                    "title": "Power of attorney", "description": "Short", "category": "law", "content": .string(content),
                    "variables": [["key": "name", "label": "Name"]], "isPremium": .bool(premium), "status": "active",
                ]
            }
            try await desk.refusesStrangers("POST", admin, body("{{name}}"))
            #expect(try await desk.send("POST", admin, as: "writer", body("{{nam}}")).refusedFields == ["content"])
            let written = try await desk.send("POST", admin, as: "writer", body("<p>I, {{name}}.</p>"))
            let id = written.data["id"]?.string ?? ""
            let render = "/content/templates/\(id)/render"
            #expect(try await desk.send("POST", render, as: nil, ["variables": ["name": "x"]]).status == 401)
            #expect(try await desk.send("POST", render, as: "reader", ["variables": [:]]).refusedFields == ["variables.name"])
            let filled = try await desk.send("POST", render, as: "reader", ["variables": ["name": "<b>Ann</b>"]])
            #expect(filled.data["content"] == "<p>I, &lt;b&gt;Ann&lt;/b&gt;.</p>")
            #expect(try await desk.send("GET", "/content/templates/\(id)").data["downloadCount"] == 1)
            let premium = try await desk.send("POST", admin, as: "writer", body("{{name}}!", premium: true))
            let second = premium.data["id"]?.string ?? ""
            #expect(try await desk.send("GET", "/content/templates/\(second)").data["content"] == .null)
            for (name, status) in [("reader", 403), ("subscriber", 200), ("writer", 200)] {
                let answer = try await desk.send("POST", "/content/templates/\(second)/render", as: name, ["variables": ["name": "A"]])
                #expect(answer.status == status && (status == 200 || answer.code == "premium_required"), "\(name)")
            }
            for (change, price) in [
                (["price": 10], nil), (["price": 10, "currency": "EUR"], .number("10.00")),
                (["price": .number("2.5")], .number("2.50")), (["price": .number("0.001")], nil),
                (["price": -1], nil), (["price": .null], .null),
            ] as [(JSONValue, JSONValue?)] {
                let answer = try await desk.send("PATCH", "\(admin)/\(id)", as: "writer", change)
                #expect(answer.status == (price == nil ? 422 : 200) && (price == nil || answer.data["price"] == price), "\(answer.text)")
            }
            try await desk.server.checkMatching(
                MatchedChange("/api/v1\(admin)/\(id)", as: "writer", ["content": "<p>We, {{name}}.</p>"], ["isPublic": false]))
            let versions = try await desk.send("GET", "\(admin)/\(id)/versions", as: "writer")
            #expect(versions.data.array?.map { $0["version"]?.int } == [2, 1])
            #expect(try await desk.send("GET", "/content/templates/\(id)").status == 404)
            #expect(try await desk.send("GET", "/content/templates?category=law").meta["total"] == 1)
            #expect(try await desk.send("GET", admin, as: "writer").meta["total"] == 2)
            try await desk.refusesStrangers("DELETE", "\(admin)/\(id)")
            #expect(try await desk.send("DELETE", "\(admin)/\(id)", as: "writer").status == 204)
            let trail = try await desk.server.database.all(Statement<String>("select action from identity.audit_logs order by at, id"))
            #expect(trail.count == 8 && trail.last == "template_deleted")
        }
    }
}
