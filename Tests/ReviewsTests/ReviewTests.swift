import Identity
import JSON
import Jobs
import Postgres
import Service
import Support
import Synchronization
import Testing
import Values

@testable import Files
@testable import Reviews

/// A café that guests review once a visit, and a park that anybody reviews once.
private struct ReviewWorld: Sendable {
    let cafe = UUID.v7()
    let park = UUID.v7()
    let visits = [UUID.v7(), UUID.v7()]
    let people: TestPeople

    init() {
        func role(_ name: String, _ permissions: [Permission], _ type: ScopeType = .platform) -> Role {
            Role(name, title: name, product: "test", level: 1, on: [type], permissions: permissions)
        }
        var people = TestPeople()
        for name in ["guest", "other guest", "stranger"] { people.add(name) }
        for number in 0..<10 { people.add("walker \(number)") }
        people.add("moderator", role("moderator", [.reviewsManage]), on: .platform)
        people.add("owner", role("owner", ["cafes:update"], "cafe"), on: Scope("cafe", cafe))
        self.people = people
    }

    var subjects: [ReviewSubject] {
        [
            ReviewSubject(
                "cafe", replying: "cafes:update", path: { [cafe] id in id == cafe ? [Scope("cafe", id)] : nil },
                eligibility: { [visits, guest = people["guest"]] _, basis, author in
                    guard author == guest, let basis, visits.contains(basis) else { return nil }
                    return ReviewBasis(Scope("visit", basis), isVerified: true)
                }),
            ReviewSubject(
                "park", replying: "parks:update", path: { [park] id in id == park ? [] : nil },
                eligibility: { _, _, _ in ReviewBasis(nil, isVerified: false) }),
        ]
    }

    func cafe(_ rating: JSONValue, visit: Int? = 0) -> JSONValue {
        var body: [(name: String, value: JSONValue)] = [
            ("subjectType", "cafe"), ("subjectId", .string(cafe.description)), ("rating", rating), ("text", "Good coffee"),
        ]
        if let visit { body.append(("basisId", .string(visits[visit].description))) }
        return .object(body)
    }

    func park(_ rating: Int) -> JSONValue {
        ["subjectType": "park", "subjectId": .string(park.description), "rating": .number("\(rating)")]
    }

    var ofPark: String { "subjectType=park&subjectId=\(park)" }
    var ofCafe: String { "subjectType=cafe&subjectId=\(cafe)" }
}

@Suite struct ReviewTests {
    /// The door of the test's server.
    private let kept = Box()

    private final class Box: Sendable {
        private let reviews = Mutex<Reviews?>(nil)
        func withLock(_ body: (inout Reviews?) -> Void) { reviews.withLock { body(&$0) } }
        var door: Reviews { reviews.withLock { $0! } }
    }

    /// A picture of somebody's, as if uploaded.
    private func picture(_ server: TestServer, of owner: UUID, purpose: String = "review_picture") async throws -> String {
        let id = UUID.v7()
        try await server.database.execute(
            Command(
                """
                insert into files.files (id, purpose, storage, key, name, mime, size, sha256, visibility, owner_id)
                values (\(id), \(purpose), 'local', \("k/\(id)"), 'a.png', 'image/png', 1, \([UInt8](repeating: 1, count: 32)),
                    'private', \(owner))
                """))
        return id.description
    }

    @Test func picturesStandAndGoWithTheirReview() async throws {
        try await withReviews { world, server in
            let walker = world.people["walker 0"]
            let mine = [
                try await picture(server, of: walker), try await picture(server, of: walker), try await picture(server, of: walker),
            ]
            let foreign = try await picture(server, of: world.people["walker 1"])
            let avatar = try await picture(server, of: walker, purpose: "avatar")
            func body(_ files: [String]) -> JSONValue {
                .object([
                    ("subjectType", "park"), ("subjectId", .string(world.park.description)), ("rating", 5),
                    ("fileIds", .array(files.map { .string($0) })),
                ])
            }
            for files in [[foreign], [avatar], [UUID.v7().description], [mine[0], mine[0]], (0..<6).map { _ in UUID.v7().description }] {
                let refused = try await server.send("POST", "/api/v1/reviews", token: "walker 0", body: body(files))
                #expect(refused.status == 422 && refused.text.contains("fileIds"), "\(refused.text)")
            }
            let made = try await server.send("POST", "/api/v1/reviews", token: "walker 0", body: body(Array(mine[..<2])))
            #expect(made.status == 201 && made.data["fileIds"] == .array(mine[..<2].map { .string($0) }), "\(made.text)")
            let id = try #require(made.data["id"]?.string)
            // One belongs to one review.
            let taken = try await server.send("POST", "/api/v1/reviews", token: "walker 0", body: body([mine[0]]))
            #expect(taken.status == 409 || taken.status == 422)
            let changed = try await server.send(
                "PATCH", "/api/v1/reviews/\(id)", token: "walker 0", body: ["fileIds": [.string(mine[1]), .string(mine[2])]])
            #expect(changed.data["fileIds"] == [.string(mine[1]), .string(mine[2])], "\(changed.text)")
            let gone = Statement<String>("select id::text from files.files where deleted_at is not null")
            #expect(try await server.database.all(gone) == [mine[0]])
            let list = try await server.send("GET", "/api/v1/reviews?\(world.ofPark)")
            #expect(list.json["data"]?[0]?["fileIds"]?.array?.count == 2)
            // Whoever sees the review sees them.
            let read = try #require(kept.door.filePurpose.reader)
            let file = try await server.database.one(FileQueries.file(ID<StoredFile>(UUID(mine[1])!)))
            let stranger = Caller(principal: nil)
            let seen = try await TestLoops.run { try await read(file, stranger) }
            #expect(seen)
            let hide = try await server.send("POST", "/api/v1/reviews/\(id)/hide", token: "moderator", body: ["reason": "r"])
            #expect(hide.status == 200)
            let hidden = try await TestLoops.run { try await read(file, stranger) }
            #expect(!hidden)
            #expect(try await server.send("DELETE", "/api/v1/reviews/\(id)", token: "walker 0").status == 204)
            #expect(try await server.database.all(gone).count == 3)
        }
    }

    @Test func picturesGoWithTheirAuthor() async throws {
        try await withReviews { world, server in
            let walker = world.people["walker 0"]
            let mine = try await picture(server, of: walker)
            let made = try await server.send(
                "POST", "/api/v1/reviews", token: "walker 0",
                body: [
                    "subjectType": "park", "subjectId": .string(world.park.description), "rating": 4, "fileIds": [.string(mine)],
                ])
            #expect(made.status == 201, "\(made.text)")
            let door = kept.door
            for _ in 0..<2 { try await TestLoops.run { try await door.forgetPictures(of: walker) } }
            let left = Statement<Int>("select count(*) from files.files where deleted_at is null")
            #expect(try await server.database.one(left) == 0)
            let list = try await server.send("GET", "/api/v1/reviews?\(world.ofPark)")
            #expect(list.json["data"]?[0]?["rating"] == 4 && list.json["data"]?[0]?["fileIds"] == [])
        }
    }

    private func withReviews(_ body: @escaping @Sendable (ReviewWorld, TestServer) async throws -> Void) async throws {
        let world = ReviewWorld()
        let kept = self.kept
        try await withServer { platform in
            try await world.people.settle(platform.database)
            let reviews = Reviews(
                database: platform.database, subjects: world.subjects, events: platform.outbox,
                cache: platform.cache, files: FileUse(database: platform.database, jobs: Jobs(database: platform.database)),
                clock: platform.clock)
            kept.withLock { $0 = reviews }
            let audit = Audit(database: platform.database, clock: platform.clock, log: platform.log)
            return TestComposition(
                authenticator: world.people,
                modules: [ReviewsModule(reviews, trail: StaffTrail(audit, RoleBook(world.people.allRoles)))])
        } _: { server in
            try await body(world, server)
        }
    }

    @Test func whoReviewsWhatOnce() async throws {
        try await withReviews { world, server in
            for (name, body, status, code) in [
                (nil, world.cafe(5), 401, "unauthorized"), ("stranger", world.cafe(5), 403, "not_eligible"),
                ("guest", world.cafe(5, visit: nil), 403, "not_eligible"), ("guest", world.cafe(6), 422, "invalid_input"),
                ("guest", world.cafe(.number("4.5")), 422, "invalid_input"), ("guest", world.cafe(5), 201, nil),
                ("guest", world.cafe(4), 409, "already_reviewed"), ("guest", world.cafe(4, visit: 1), 201, nil),
                ("stranger", world.park(3), 201, nil), ("stranger", world.park(3), 409, "already_reviewed"),
                ("stranger", ["subjectType": "car", "subjectId": .string(world.park.description), "rating": 1], 422, "invalid_input"),
                ("stranger", ["subjectType": "park", "subjectId": .string(world.cafe.description), "rating": 1], 404, "not_found"),
            ] as [(String?, JSONValue, Int, String?)] {
                let answer = try await server.send("POST", "/api/v1/reviews", token: name, body: body)
                #expect(answer.status == status && answer.code == code, "\(name ?? "guest"): \(answer.text)")
            }
            let summary = try await server.send("GET", "/api/v1/reviews/summary?\(world.ofCafe)")
            #expect(summary.text.contains("\"count\":2,\"mean\":4.5,\"histogram\":[0,0,0,1,1]"), "\(summary.text)")
            let list = try await server.send("GET", "/api/v1/reviews?\(world.ofCafe)&sort=-helpfulCount")
            #expect(list.meta["total"] == 2 && list.data[0]?["author"] == "guest T." && list.data[0]?["isVerified"] == true)
            #expect(try await server.send("GET", "/api/v1/reviews?\(world.ofCafe)&rating=5").meta["total"] == 1)
            #expect(try await server.send("GET", "/api/v1/reviews").refusedFields == ["subjectId"])
            #expect(try await server.send("GET", "/api/v1/reviews?mine=true").status == 401)
            #expect(try await server.send("GET", "/api/v1/reviews?mine=true", token: "guest").meta["total"] == 2)
            let events = try await server.database.all(Statement<String>("select event from api.outbox order by id"))
            #expect(events == ["review.changed", "review.changed", "review.changed"])
        }
    }

    /// Ten at once, each moving the same summary, while some change and withdraw.
    @Test func theSummaryFollowsWhateverHappensAtOnce() async throws {
        try await withReviews { world, server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<10 {
                    group.addTask {
                        let name = "walker \(number)"
                        let twice = try await [
                            server.send("POST", "/api/v1/reviews", token: name, body: world.park(number % 5 + 1)),
                            server.send("POST", "/api/v1/reviews", token: name, body: world.park(1)),
                        ]
                        #expect(twice.map(\.status) == [201, 409])
                        let id = twice[0].data["id"]?.string ?? ""
                        if number < 3 {
                            let changed = try await server.send("PATCH", "/api/v1/reviews/\(id)", token: name, body: ["rating": 5])
                            #expect(changed.status == 200)
                        } else if number < 5 {
                            #expect(try await server.send("DELETE", "/api/v1/reviews/\(id)", token: name).status == 204)
                        }
                    }
                }
                try await group.waitForAll()
            }
            // Left: 5 5 5 (changed), then 1 2 3 4 5.
            let answer = try await server.send("GET", "/api/v1/reviews/summary?\(world.ofPark)")
            #expect(answer.text.contains("\"count\":8,\"mean\":3.75,\"histogram\":[1,1,1,1,4]"), "\(answer.text)")
            // Who has withdrawn his may write another.
            #expect(try await server.send("POST", "/api/v1/reviews", token: "walker 4", body: world.park(1)).status == 201)
        }
    }

    @Test func hiddenOnesCountNothingAndComeBack() async throws {
        try await withReviews { world, server in
            let written = try await server.send("POST", "/api/v1/reviews", token: "guest", body: world.cafe(1))
            let path = "/api/v1/reviews/" + (written.data["id"]?.string ?? "")
            for (name, status) in [(nil, 401), ("stranger", 403), ("guest", 403), ("owner", 403), ("moderator", 200), ("moderator", 409)] as [(String?, Int)] {
                let answer = try await server.send("POST", path + "/hide", token: name, body: ["reason": "Rude"])
                #expect(answer.status == status, "\(name ?? "guest"): \(answer.text)")
            }
            #expect(try await server.send("POST", path + "/hide", token: "moderator", body: [:]).refusedFields == ["reason"])
            #expect(try await server.send("GET", "/api/v1/reviews?\(world.ofCafe)").meta["total"] == 0)
            #expect(try await server.send("GET", "/api/v1/reviews?\(world.ofCafe)&hidden=true").status == 401)
            #expect(try await server.send("GET", "/api/v1/reviews?\(world.ofCafe)&hidden=true", token: "guest").status == 403)
            let hidden = try await server.send("GET", "/api/v1/reviews?\(world.ofCafe)&hidden=true", token: "moderator")
            #expect(hidden.data[0]?["moderationReason"] == "Rude")
            let own = try await server.send("GET", "/api/v1/reviews?mine=true", token: "guest")
            #expect(own.data[0]?["status"] == "hidden" && own.data[0]?["moderationReason"] == "Rude")
            #expect(try await server.send("PUT", path + "/helpful", token: "stranger").status == 404)
            // Its author may change it, which moves nothing while it is hidden.
            #expect(try await server.send("PATCH", path, token: "guest", body: ["rating": 2]).status == 200)
            #expect(try await server.send("GET", "/api/v1/reviews/summary?\(world.ofCafe)").data["count"] == 0)
            for (name, status) in [(nil, 401), ("guest", 403), ("moderator", 200), ("moderator", 409)] as [(String?, Int)] {
                #expect(try await server.send("POST", path + "/restore", token: name).status == status, "\(name ?? "guest")")
            }
            let summary = try await server.send("GET", "/api/v1/reviews/summary?\(world.ofCafe)")
            #expect(summary.data["histogram"] == [0, 1, 0, 0, 0])
            let trail = try await server.database.all(Statement<String>("select action from identity.audit_logs order by at, id"))
            #expect(trail == ["review_hidden", "review_restored"])
            let events = try await server.database.all(Statement<String>("select event from api.outbox order by id"))
            #expect(events == ["review.changed", "review.hidden", "review.restored"])
        }
    }

    @Test func votesAndReplies() async throws {
        try await withReviews { world, server in
            let written = try await server.send("POST", "/api/v1/reviews", token: "guest", body: world.cafe(5))
            let path = "/api/v1/reviews/" + (written.data["id"]?.string ?? "")
            try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<20 {
                    group.addTask { try await server.send("PUT", path + "/helpful", token: "walker \(index % 10)").status }
                }
                for try await status in group { #expect(status == 200) }
            }
            #expect(try await server.send("PUT", path + "/helpful", token: "guest").code == "own_review")
            #expect(try await server.send("PUT", path + "/helpful").status == 401)
            #expect(try await server.send("DELETE", path + "/helpful", token: "walker 1").status == 204)
            #expect(try await server.send("DELETE", path + "/helpful", token: "walker 1").status == 204)
            #expect(try await server.send("GET", "/api/v1/reviews?\(world.ofCafe)").data[0]?["helpfulCount"] == 9)
            for (name, status) in [(nil, 401), ("guest", 403), ("stranger", 403), ("moderator", 403), ("owner", 200)] as [(String?, Int)] {
                let answer = try await server.send("PUT", path + "/reply", token: name, body: ["text": "Come again"])
                #expect(answer.status == status, "\(name ?? "guest"): \(answer.text)")
            }
            #expect(try await server.send("GET", "/api/v1/reviews?\(world.ofCafe)").data[0]?["reply"] == "Come again")
            #expect(try await server.send("PATCH", path, token: "stranger", body: ["rating": 1]).status == 403)
            #expect(try await server.send("DELETE", path, token: "stranger").status == 403)
            #expect(try await server.send("DELETE", "/api/v1/reviews/\(UUID.v7())", token: "guest").status == 404)
        }
    }

    /// What is read again comes from memory, for each caller his own, until anything of it changes.
    @Test func listsAndSummariesAreKeptUntilTheyChange() async throws {
        try await withReviews { world, server in
            let list = "/api/v1/reviews?\(world.ofCafe)", summary = "/api/v1/reviews/summary?\(world.ofCafe)"
            let written = try await server.send("POST", "/api/v1/reviews", token: "guest", body: world.cafe(5))
            let path = "/api/v1/reviews/" + (written.data["id"]?.string ?? "")
            func kept() async throws -> [String?] {
                var kept: [String?] = []
                for (path, name) in [(list, "stranger"), (list, "moderator"), (summary, nil)] as [(String, String?)] {
                    kept.append(try await server.send("GET", path, token: name).field("x-cache"))
                }
                return kept
            }
            #expect(try await kept() == ["MISS", "MISS", "MISS"])
            #expect(try await kept() == ["HIT", "HIT", "HIT"])
            let changes: [(String, String, String, JSONValue?)] = [
                ("PUT", path + "/helpful", "stranger", nil), ("PUT", path + "/reply", "owner", ["text": "Come again"]),
                ("PATCH", path, "guest", ["title": "Again"]), ("POST", path + "/hide", "moderator", ["reason": "Rude"]),
                ("POST", path + "/restore", "moderator", nil), ("DELETE", path, "guest", nil),
            ]
            for (method, path, name, body) in changes {
                #expect(try await server.send(method, path, token: name, body: body).status < 300, "\(method) \(path)")
                #expect(try await kept() == ["MISS", "MISS", "MISS"], "\(method) \(path)")
            }
        }
    }

    @Test(arguments: [([0, 0, 0, 0, 0], nil), ([1, 0, 0, 0, 1], 300), ([0, 0, 1, 1, 1], 400), ([1, 0, 0, 0, 2], 367), ([1, 7, 0, 0, 0], 188)] as [([Int], Int64?)])
    func meansHaveTwoDecimalsHalfUp(histogram: [Int], raw: Int64?) {
        #expect(ReviewSummary(histogram: histogram).mean?.raw == raw)
    }
}
