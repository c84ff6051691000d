import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Condominiums

/// Scenarios 19 to 21 of spec section 8, and the rest of 4.9.
@Suite struct PollTests {
    private static let question: JSONValue = ["title": "Benches?", "options": ["Yes", "No"]]

    private func ask(
        _ world: CondoWorld, _ more: [(name: String, value: JSONValue)] = [], as user: UUID? = nil
    ) async throws -> TestAnswer {
        let own: [(name: String, value: JSONValue)] = [("condoId", .string("\(world.own.condo)"))]
        let usual = (Self.question.object ?? []).filter { member in !more.contains { $0.name == member.name } }
        return try await world.post("/polls", as: user ?? world.people.admin, .object(own + usual + more))
    }

    private func path(_ poll: TestAnswer) throws -> String {
        "/polls/\(try #require(poll.data["id"]?.string, "\(poll.text)"))"
    }

    private func options(_ poll: TestAnswer) -> [JSONValue] { poll.data["options"]?.array?.compactMap { $0["id"] } ?? [] }

    private func vote(
        _ world: CondoWorld, _ poll: TestAnswer, _ options: [JSONValue], as user: UUID, in unit: UUID? = nil
    ) async throws -> TestAnswer {
        var body: [(name: String, value: JSONValue)] = [("optionIds", .array(options))]
        if let unit { body.append(("unitId", .string("\(unit)"))) }
        return try await world.post(path(poll) + "/vote", as: user, .object(body))
    }

    // MARK: Who may

    /// root, finance, director, accountant, admin, worker, guard, resident, neighbour, other director, stranger
    @Test func whoDoesWhat() async throws {
        try await withWorld { world in
            let poll = try await ask(world)
            let own = try path(poll)
            #expect(poll.status == 201 && poll.field("location") == "/api/v1" + own, "\(poll.text)")
            let draft = try await ask(world, [("status", "draft")])
            let change: JSONValue = ["title": "Two benches?"]
            let yes: JSONValue = ["optionIds": .array([options(poll)[0]])]
            let rows: [(String, String, JSONValue?, [Int])] = [
                ("GET", try path(poll), nil, [200, 404, 200, 200, 200, 200, 404, 200, 200, 404, 404]),
                ("GET", try path(draft), nil, [200, 404, 200, 200, 200, 200, 404, 404, 404, 404, 404]),
                ("GET", try path(poll) + "/results", nil, [200, 404, 200, 200, 200, 200, 404, 200, 200, 404, 404]),
                ("PATCH", try path(poll), change, [200, 404, 200, 403, 200, 403, 404, 403, 403, 404, 404]),
                ("POST", try path(poll) + "/vote", yes, [403, 404, 403, 403, 403, 403, 404, 200, 200, 404, 404]),
                ("DELETE", try path(draft), nil, [204, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
            ]
            for (method, path, body, expected) in rows {
                let guest = try await world.server.send(method, "/api/v1" + path, body: body)
                #expect(guest.status == 401, "\(method) \(path): \(guest.text)")
                for (person, status) in zip(world.people.all, expected) {
                    let answer = try await world.server.send(
                        method, "/api/v1" + path, token: person.id.description, body: body)
                    #expect(answer.status == status, "\(method) \(path) \(person.name): \(answer.text)")
                }
            }
            for (person, status) in zip(world.people.all, [201, 403, 201, 403, 201, 403, 403, 403, 403, 404, 404]) {
                #expect(try await ask(world, as: person.id).status == status, "\(person.name)")
            }
        }
    }

    /// The total is of those that are listed; a draft is in the office's list alone, another entrance's poll in nobody else's.
    @Test func listsShowWhatOneIsAsked() async throws {
        try await withWorld { world in
            let elsewhere = UUID.v7()
            try await world.database.execute(
                Command("insert into condo.entrances (id, building_id, number) values (\(elsewhere), \(world.own.building), '2')"))
            _ = try await ask(world)
            _ = try await ask(world, [("status", "draft")])
            _ = try await ask(world, [("entranceId", .string("\(elsewhere)"))])
            let here = try await ask(world, [("entranceId", .string("\(world.own.entrance)"))])
            #expect(here.data["targetScope"] == "entrance")
            for (person, total) in zip(world.people.all, [4, 0, 4, 4, 4, 4, 0, 2, 2, 0, 0]) {
                let list = try await world.get("/polls?sort=endsAt", as: person.id)
                #expect(list.meta["total"]?.int == total && list.data.array?.count == total, "\(person.name): \(list.text)")
            }
            let active = try await world.get("/polls?status=active&condoId=\(world.own.condo)", as: world.people.admin)
            #expect(active.meta["total"]?.int == 3)
            #expect(try await world.get("/polls?condoId=\(world.other.condo)", as: world.people.admin).meta["total"]?.int == 0)
            let foreign = try await ask(world, [("entranceId", .string("\(world.other.entrance)"))])
            #expect(foreign.status == 422 && foreign.refusedFields == ["entranceId"])
        }
    }

    // MARK: Votes

    /// Scenario 19.
    @Test func aPersonVotesOnce() async throws {
        try await withWorld { world in
            let poll = try await ask(world)
            let yes = options(poll)[0]
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await vote(world, poll, [yes], as: world.people.resident).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200] + [Int](repeating: 409, count: 19))
            let seen = try await world.get(path(poll), as: world.people.resident).data
            #expect(seen["updatedAt"] == poll.data["updatedAt"], "it would tell when somebody has voted")
            #expect(seen["totalVotes"]?.int == 1 && seen["hasVoted"] == true && seen["myOptionIds"] == .array([yes]))
            #expect(seen["options"]?[0]?["votes"]?.int == 1 && seen["totalEligibleVoters"]?.int == 2)
            let others = try await world.get(path(poll), as: world.people.neighbour).data
            #expect(others["hasVoted"] == false && others["myOptionIds"] == .array([]))
            for (person, status) in zip(world.people.all, [200, 404, 200, 403, 200, 403, 404, 403, 403, 404, 404]) {
                let votes = try await world.get(path(poll) + "/votes", as: person.id)
                #expect(votes.status == status, "\(person.name): \(votes.text)")
                if status != 200 { continue }
                #expect(votes.meta["total"]?.int == 1 && votes.data[0]?["optionIds"] == .array([yes]), "\(votes.text)")
                #expect(votes.data[0]?["user"]?["id"] == .string("\(world.people.resident)") && votes.data[0]?["unit"]?["number"] == "1")
            }
            let deleted = try await world.delete(path(poll), as: world.people.admin)
            #expect(deleted.status == 409 && deleted.code == "poll_has_votes")
        }
    }

    /// Scenario 20.
    @Test func aUnitHasOneVoice() async throws {
        try await withWorld { world in
            try await world.house(world.people.stranger, in: world.own.unit)
            let poll = try await ask(world, [("pollType", "meeting")])
            let other = try await ask(world)
            let (yes, no) = (options(poll)[0], options(poll)[1])
            #expect(poll.data["totalEligibleVoters"]?.int == 2)
            #expect(try await vote(world, poll, [yes], as: world.people.resident).status == 200)
            let second = try await vote(world, poll, [no], as: world.people.stranger)
            #expect(second.status == 409 && second.code == "already_voted")
            #expect(try await world.get(path(poll), as: world.people.stranger).data["hasVoted"] == true)
            #expect(try await vote(world, poll, [yes], as: world.people.otherDirector).status == 404)
            let foreign = try await vote(world, poll, [options(other)[0]], as: world.people.neighbour)
            #expect(foreign.status == 422 && foreign.refusedFields == ["optionIds[0]"])
            let several = try await vote(world, poll, [yes, no], as: world.people.neighbour)
            #expect(several.status == 422 && several.refusedFields == ["optionIds"])
            try await world.house(world.people.neighbour, in: world.own.unit)
            let unnamed = try await vote(world, poll, [yes], as: world.people.neighbour)
            #expect(unnamed.status == 422 && unnamed.code == "unit_required" && unnamed.json["units"]?.array?.count == 2, "\(unnamed.text)")
            #expect(try await vote(world, poll, [yes], as: world.people.neighbour, in: world.other.unit).status == 422)
            let late = try await vote(world, poll, [yes], as: world.people.neighbour, in: world.own.unit)
            #expect(late.code == "already_voted")
            #expect(try await vote(world, poll, [no], as: world.people.neighbour, in: world.own.neighbour).status == 200)
            world.server.clock.advance(by: .days(7))
            let after = try await vote(world, other, [options(other)[0]], as: world.people.resident)
            #expect(after.status == 409 && after.code == "poll_not_open")
        }
    }

    /// Scenario 21, and what is hidden is nowhere in the poll either.
    @Test func resultsAreHiddenUntilTheEnd() async throws {
        try await withWorld { world in
            let poll = try await ask(world, [("resultsVisibility", "after_close"), ("isAnonymous", true)])
            let voted = try await vote(world, poll, [options(poll)[0]], as: world.people.resident)
            #expect(voted.data["resultsVisible"] == false && voted.data["totalVotes"]?.int == 0, "\(voted.text)")
            #expect(voted.data["options"]?[0]?["votes"]?.int == 0)
            let hidden = try await world.get(path(poll) + "/results", as: world.people.resident)
            #expect(hidden.status == 403 && hidden.code == "results_hidden")
            #expect(try await world.get(path(poll) + "/results", as: world.people.worker).data["totalVotes"]?.int == 1)
            let names = try await world.get(path(poll) + "/votes", as: world.people.director)
            #expect(names.status == 403 && names.code == "poll_anonymous")
            // By its end, noted or not.
            world.server.clock.advance(by: .days(7))
            let shown = try await world.get(path(poll) + "/results", as: world.people.resident)
            #expect(shown.status == 200 && shown.data["status"] == "closed" && shown.data["totalVotes"]?.int == 1)
            #expect(try await world.count("select count(*) from condo.polls where status = 'closed'") == 0)
            try await world.module.doors.polls.tick()
            #expect(try await world.count("select count(*) from condo.polls where status = 'closed' and closed_at = ends_at") == 1)
            #expect(try await world.count("select count(*) from identity.audit_logs where actor_id = \(world.people.resident)") == 0)
        }
    }

    @Test func abstentionsCountForTheTurnoutAlone() async throws {
        try await withWorld { world in
            let poll = try await ask(
                world, [("requiresQuorum", true), ("quorumPercent", .number("50.01")), ("allowVoteChange", true),
                    ("allowCustomOption", true), ("allowMultipleChoices", true)])
            let (yes, no) = (options(poll)[0], options(poll)[1])
            #expect(try await vote(world, poll, [yes, no], as: world.people.resident).data["quorumReached"] == false)
            let own = try await world.post(
                path(poll) + "/vote", as: world.people.neighbour, ["optionIds": .array([yes]), "customOption": "A swing"])
            #expect(own.status == 200 && own.data["quorumReached"] == true, "\(own.text)")
            #expect(own.data["options"]?[2]?["isCustom"] == true && own.data["myOptionIds"]?.array?.count == 2)
            let again = try await world.post(path(poll) + "/vote", as: world.people.neighbour, ["customOption": "a SWING"])
            #expect(again.data["options"]?.array?.map { $0["votes"]?.int ?? -1 } == [1, 1, 1], "\(again.text)")
            let abstained = try await world.post(path(poll) + "/vote", as: world.people.resident, ["isAbstain": true])
            #expect(abstained.data["options"]?.array?.map { $0["votes"]?.int ?? -1 } == [0, 0, 1])
            let results = try await world.get(path(poll) + "/results", as: world.people.resident).data
            #expect(results["totalVotes"]?.int == 2 && results["abstainVotes"]?.int == 1)
            #expect(results["turnoutPercent"]?.number == 100 && results["options"]?[2]?["percent"]?.number == 100)
            #expect(try await vote(world, poll, [yes], as: world.people.resident).data["abstainVotes"]?.int == 0)
            let strict = try await ask(world, [("allowAbstain", false)])
            for (body, field) in [
                (["isAbstain": true], "isAbstain"), (["customOption": "Perhaps"], "customOption"), ([:], "optionIds"),
                (["isAbstain": true, "optionIds": .array([yes])], "optionIds"), (["optionIds": .array([])], "optionIds"),
            ] as [(JSONValue, String)] {
                let refused = try await world.post(path(strict) + "/vote", as: world.people.resident, body)
                #expect(refused.status == 422 && refused.refusedFields == [field], "\(refused.text)")
            }
        }
    }

    // MARK: Life

    @Test func aDraftBecomesAPollAndEnds() async throws {
        try await withWorld { world in
            let draft = try await ask(world, [("status", "draft"), ("endsAt", "2099-07-31")])
            // The day's end in Sofia, in summer.
            #expect(draft.data["endsAt"] == "2099-07-31T21:00:00.000Z" && draft.data["totalEligibleVoters"] == .null, "\(draft.text)")
            let changed = try await world.patch(
                path(draft), as: world.people.admin, ["options": ["One", "Two", "Three"], "pollType": "budget", "description": "Which?"])
            #expect(changed.status == 200 && changed.data["options"]?.array?.count == 3, "\(changed.text)")
            for step in ["activate", "close", "cancel"] {
                #expect(try await world.post(path(draft) + "/\(step)", as: world.people.accountant).status == 403)
            }
            #expect(try await world.post(path(draft) + "/close", as: world.people.admin).code == "invalid_transition")
            let active = try await world.post(path(draft) + "/activate", as: world.people.director)
            #expect(active.data["status"] == "active" && active.data["totalEligibleVoters"]?.int == 2, "\(active.text)")
            #expect(try await world.post(path(draft) + "/activate", as: world.people.admin).code == "invalid_transition")
            for body in [["options": ["A", "B"]], ["isAnonymous": true], ["endsAt": "2099-07-30"]] as [JSONValue] {
                let refused = try await world.patch(path(draft), as: world.people.admin, body)
                #expect(refused.status == 409 && refused.code == "poll_not_editable", "\(refused.text)")
            }
            let later = try await world.patch(path(draft), as: world.people.admin, ["title": "Now", "endsAt": "2099-08-31"])
            #expect(later.data["endsAt"] == "2099-08-31T21:00:00.000Z" && later.field("etag") != nil, "\(later.text)")
            #expect(try await world.post(path(draft) + "/close", as: world.people.admin).data["status"] == "closed")
            #expect(try await world.post(path(draft) + "/cancel", as: world.people.admin).code == "invalid_transition")
            let cancelled = try await world.post(path(try await ask(world)) + "/cancel", as: world.people.admin)
            #expect(cancelled.data["status"] == "cancelled" && cancelled.data["cancelledAt"] != .null)
        }
    }

    /// Who may vote is counted when it begins, by the job or with the first vote.
    @Test func oneThatBeginsLaterIsOpenFromThen() async throws {
        try await withWorld { world in
            let begins = world.server.clock.clock.now() + .days(1)
            let polls = [try await ask(world, [("startsAt", .string("\(begins)"))]), try await ask(world, [("startsAt", .string("\(begins)"))])]
            #expect(polls[0].data["endsAt"] == .string("\(begins + .days(7))") && polls[0].data["startedAt"] == .null)
            #expect(try await vote(world, polls[0], [options(polls[0])[0]], as: world.people.resident).code == "poll_not_open")
            world.server.clock.advance(by: .days(1))
            let first = try await vote(world, polls[0], [options(polls[0])[0]], as: world.people.resident)
            #expect(first.status == 200 && first.data["totalEligibleVoters"]?.int == 2, "\(first.text)")
            try await world.module.doors.polls.tick()
            try await world.house(world.people.stranger, in: world.own.unit)
            try await world.module.doors.polls.tick()
            for poll in polls {
                #expect(try await world.get(path(poll), as: world.people.admin).data["totalEligibleVoters"]?.int == 2)
            }
        }
    }

    @Test(arguments: [
        (["title": ""], ["title"]), (["options": ["One"]], ["options"]), (["options": ["One", "one"]], ["options"]),
        (["endsAt": "2001-01-01"], ["endsAt"]), (["endsAt": "soon"], ["endsAt"]), (["quorumPercent": 101], ["quorumPercent"]),
        (["startsAt": "2099-01-01T00:00:00Z", "endsAt": "2098-01-01T00:00:00Z"], ["endsAt"]), (["pollType": "riot"], ["pollType"]),
    ] as [(JSONValue, [String])]) func badInputIsNamed(_ body: JSONValue, _ fields: [String]) async throws {
        try await withWorld { world in
            let refused = try await ask(world, body.object ?? [])
            #expect(refused.status == 422 && refused.refusedFields == fields, "\(refused.text)")
        }
    }

    @Test func aChangeOnAnOldCopyIsRefused() async throws {
        try await withWorld { world in
            let poll = try await ask(world)
            try await world.server.checkDeletion(of: "/api/v1\(path(poll))", as: world.people.admin.description) {
                let changed = try await world.patch(path(poll), as: world.people.admin, ["title": "Now"])
                #expect(changed.status == 200)
            }
        }
    }
}
