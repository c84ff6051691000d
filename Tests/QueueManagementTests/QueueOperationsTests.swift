import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Jobs
@testable import QueueManagement

@Suite struct QueueOperationsTests {
    /// Scenario 7, for every operation.
    @Test func strangersAreRefused() async throws {
        try await withQueues { world in
            let (workers, ids) = try await world.fill()
            let failed = ids["failed"]!
            let reading = [
                "health", "stats", "stats/counting", "throughput", "counting/jobs", "counting/jobs/\(failed)", "schedules", "stream",
            ].map { ("GET", $0, JSONValue?.none) }
            let changing: [(String, String, JSONValue?)] = [
                ("POST", "counting/pause", nil), ("POST", "counting/resume", nil), ("DELETE", "counting/clean", nil),
                ("POST", "counting/retry", .object([])), ("POST", "counting/jobs/\(failed)/retry", nil),
                ("DELETE", "counting/jobs/\(failed)", nil),
                ("PATCH", "schedules/queue-health", .object([("isEnabled", .bool(false))])),
                ("POST", "schedules/queue-health/run", nil),
            ]
            for (method, path, body) in reading + changing {
                #expect(try await world.send(method, path, by: nil, body: body).status == 401, "\(path)")
                #expect(try await world.send(method, path, by: "stranger", body: body).status == 403, "\(path)")
            }
            for (method, path, body) in changing {
                #expect(try await world.send(method, path, by: "reader", body: body).status == 403, "\(path)")
            }
            for (method, path, _) in reading where path != "stream" {
                #expect(try await world.send(method, path, by: "reader").status == 200, "\(path)")
            }
            #expect(try await world.trail() == [])
            await workers.stop(grace: .zero)
        }
    }

    @Test func whatThereIsNotIsNotFound() async throws {
        try await withQueues { world in
            let (workers, ids) = try await world.fill()
            await workers.stop(grace: .zero)
            let failed = ids["failed"]!
            let other = UUID.v7()
            let rows: [(String, String, JSONValue?)] = [
                ("GET", "stats/other", nil), ("GET", "other/jobs", nil), ("GET", "counting/jobs/\(other)", nil),
                ("GET", "counting/jobs/x", nil), ("GET", "other/jobs/\(failed)", nil), ("POST", "other/pause", nil),
                ("POST", "other/resume", nil), ("DELETE", "other/clean", nil), ("POST", "other/retry", .object([])),
                ("POST", "other/jobs/\(failed)/retry", nil), ("DELETE", "other/jobs/\(failed)", nil),
                ("DELETE", "counting/jobs/\(other)", nil), ("POST", "schedules/other/run", nil),
                ("PATCH", "schedules/other", .object([("isEnabled", .bool(true))])),
            ]
            for (method, path, body) in rows {
                #expect(try await world.send(method, path, body: body).status == 404, "\(method) \(path)")
            }
        }
    }

    @Test(arguments: [
        ("GET", "counting/jobs?state=gone", "state"), ("GET", "counting/jobs?limit=101", "limit"),
        ("GET", "counting/jobs?cursor=x", "cursor"), ("GET", "counting/jobs?sort=name", "sort"),
        ("DELETE", "counting/clean?state=active", "state"), ("DELETE", "counting/clean?limit=1001", "limit"),
        ("DELETE", "counting/clean?olderThanSeconds=-1", "olderThanSeconds"), ("DELETE", "counting/clean?force=true", "force"),
        ("GET", "throughput?minutes=0", "minutes"),
    ])
    func whatIsNoInputIsRefused(method: String, path: String, field: String) async throws {
        try await withQueues { world in
            let answer = try await world.send(method, path)
            #expect(answer.status == 422 && answer.refusedFields == [field])
        }
    }

    @Test func figures() async throws {
        try await withQueues { world in
            let (workers, _) = try await world.fill()
            let stats = try await world.send("GET", "stats/counting")
            #expect(
                stats.text.contains(
                    #"{"queue":"counting","waiting":1,"delayed":1,"active":1,"completed":1,"failed":1,"total":5,"isPaused":false}"#))
            let all = try await world.send("GET", "stats").data.array ?? []
            #expect(all.compactMap { $0["queue"]?.string } == ["counting", "maintenance"])
            let health = try await world.send("GET", "health").data
            #expect(health["overall"]?.string == "healthy")
            let one = health["queues"]?.array?.first
            #expect(one?["backlog"]?.number?.whole == 2 && one?["failureRate"]?.number == DecimalNumber("0.5"))
            let minutes = try await world.send("GET", "throughput?queue=counting").data.array ?? []
            #expect(minutes.count == 1 && minutes[0]["completed"]?.number?.whole == 1 && minutes[0]["failed"]?.number?.whole == 1)
            await workers.stop(grace: .zero)
        }
    }

    /// Scenario 31.
    @Test func pausedJobsWaitAndAreRunByPriorityAfterwards() async throws {
        try await withQueues { world in
            try await world.workers().round(isHousekeeping: true)
            for _ in 0..<2 {
                let paused = try await world.send("POST", "counting/pause")
                #expect(paused.status == 200 && paused.data["isPaused"]?.bool == true)
            }
            for number in 5...8 { try await world.jobs.enqueue(QueueWorld.counting, number, priority: number == 8 ? .critical : .normal) }
            let restarted = world.workers()
            try await restarted.round(isHousekeeping: true)
            await restarted.idle()
            #expect(try await world.queues.stats(of: "counting")?.waiting == 4)
            #expect(try await world.send("POST", "counting/resume").data["isPaused"]?.bool == false)
            #expect(try await world.send("POST", "counting/resume").status == 200)
            try await restarted.round(isHousekeeping: false)
            await restarted.idle()
            #expect(try await world.queues.stats(of: "counting")?.completed == 4)
            #expect(try await world.trail() == ["queue_paused manager", "queue_resumed manager"])
        }
    }

    /// Scenario 31 too.
    @Test func jobsAreRetriedAndRemoved() async throws {
        try await withQueues { world in
            let (workers, ids) = try await world.fill()
            for (state, id) in ids where state != "failed" {
                let answer = try await world.send("POST", "counting/jobs/\(id)/retry")
                #expect(answer.status == 409 && answer.code == "job_not_failed", "\(state)")
            }
            let job = try await world.send("GET", "counting/jobs/\(ids["failed"]!)", by: "reader").data
            #expect(job["failedReason"]?.string == "no such address" && job["attemptsMade"]?.number?.whole == 1)
            #expect(job["errors"]?.array?.first?["message"]?.string == "no such address")
            let retried = try await world.send("POST", "counting/jobs/\(ids["failed"]!)/retry")
            #expect(retried.data["state"]?.string == "waiting" && retried.data["attemptsMade"]?.number?.whole == 0)
            let active = try await world.send("DELETE", "counting/jobs/\(ids["active"]!)")
            #expect(active.status == 409 && active.code == "job_active")
            let stale = try await world.send("DELETE", "counting/jobs/\(ids["completed"]!)", fields: ["If-Match": "\"other\""])
            #expect(stale.status == 412)
            for state in ["completed", "delayed", "waiting", "failed"] {
                #expect(try await world.send("DELETE", "counting/jobs/\(ids[state]!)").status == 204, "\(state)")
                #expect(try await world.send("DELETE", "counting/jobs/\(ids[state]!)").status == 404, "\(state)")
            }
            #expect(try await world.trail() == ["job_retried manager"] + Array(repeating: "job_removed manager", count: 4))
            await workers.stop(grace: .zero)
        }
    }

    @Test func whatMatchesIsCountedThenRetriedOrRemoved() async throws {
        try await withQueues { world in
            let workers = world.workers()
            for _ in 0..<3 { try await world.jobs.enqueue(QueueWorld.counting, 2) }
            try await world.jobs.enqueue(QueueWorld.counting, 1)
            try await workers.round(isHousekeeping: true)
            await workers.idle()
            func order(_ dry: Bool) -> JSONValue { .object([("q", .string("2")), ("limit", .number("2")), ("dryRun", .bool(dry))]) }
            #expect(try await world.send("POST", "counting/retry", body: order(true)).data["retried"]?.number?.whole == 2)
            #expect(try await world.queues.stats(of: "counting")?.failed == 3)
            #expect(try await world.send("POST", "counting/retry", body: order(false)).data["retried"]?.number?.whole == 2)
            #expect(try await world.queues.stats(of: "counting")?.waiting == 2)
            #expect(try await world.send("DELETE", "counting/clean?dryRun=true").data["removed"]?.number?.whole == 2)
            #expect(try await world.send("DELETE", "counting/clean?olderThanSeconds=600").data["removed"]?.number?.whole == 0)
            #expect(try await world.send("DELETE", "counting/clean?name=other").data["removed"]?.number?.whole == 0)
            let cleaned = try await world.send("DELETE", "counting/clean")
            #expect(cleaned.status == 200 && cleaned.data["removed"]?.number?.whole == 2)
            #expect(try await world.send("DELETE", "counting/clean?state=waiting").data["removed"]?.number?.whole == 2)
            #expect(try await world.queues.stats(of: "counting")?.total == 0)
            #expect(try await world.trail() == ["jobs_retried manager", "queue_cleaned manager", "queue_cleaned manager"])
        }
    }

    @Test func listsAreFilteredAndGoOn() async throws {
        try await withQueues { world in
            try await world.workers().round(isHousekeeping: true)
            let letter = JobKind<JSONValue>("letter", queue: "counting")
            try await world.jobs.enqueue(letter, .object([("to", .string("Ann")), ("accessToken", .string("s3cret")), ("codeId", .string("7"))]))
            for number in 0..<4 { try await world.jobs.enqueue(QueueWorld.counting, number) }
            let found = try await world.send("GET", "counting/jobs?name=letter&q=aNN", by: "reader")
            #expect(found.data.array?.first?["data"] == .object([("to", .string("Ann")), ("accessToken", .string("***")), ("codeId", .string("7"))]))
            #expect(!found.text.contains("s3cret"))
            let first = try await world.send("GET", "counting/jobs?state=waiting&limit=3")
            let cursor = try #require(first.meta["nextCursor"]?.string)
            let second = try await world.send("GET", "counting/jobs?state=waiting&limit=3&cursor=\(cursor)")
            #expect(second.data.array?.count == 2 && second.meta["nextCursor"]?.isNull == true)
            let ids = ((first.data.array ?? []) + (second.data.array ?? [])).compactMap { $0["id"]?.string }
            #expect(Set(ids).count == 5)
        }
    }

    @Test func aSearchThatTakesTooLongIsRefused() async throws {
        try await withQueues { world in
            try await world.workers().round(isHousekeeping: true)
            try await world.database.transaction { _ in
                try await world.database.execute(Command("lock table jobs.jobs in access exclusive mode"))
                let answer = try await world.send("GET", "counting/jobs?q=x")
                #expect(answer.status == 422 && answer.code == "search_too_broad")
            }
        }
    }

    @Test func schedulesRestAndAreRun() async throws {
        try await withQueues { world in
            try await world.workers().round(isHousekeeping: true)
            let listed = try await world.send("GET", "schedules", by: "reader").data.array ?? []
            #expect(listed.first?["key"]?.string == "queue-health" && listed.first?["everySeconds"]?.number?.whole == 300)
            let rested = try await world.send("PATCH", "schedules/queue-health", body: .object([("isEnabled", .bool(false))]))
            #expect(rested.data["isEnabled"]?.bool == false)
            let run = try await world.send("POST", "schedules/queue-health/run")
            #expect(run.status == 202 && run.data["jobId"]?.string != nil)
            let again = try await world.send("POST", "schedules/queue-health/run")
            #expect(again.status == 409 && again.code == "schedule_running")
            #expect(try await world.send("PATCH", "schedules/queue-health", body: .object([("cron", .string("* * * * *"))])).status == 422)
            #expect(try await world.trail() == ["schedule_changed manager", "schedule_run manager"])
        }
    }

    @Test func theStreamTellsOfFiguresAndJobs() async throws {
        try await withQueues { world in
            try await world.workers().round(isHousekeeping: true)
            let reader = try await world.server.client.open("/admin/queue-management/stream", token: "reader", receiveBuffer: 65536)
            try await reader.receive(until: "event: stats")
            try await world.jobs.enqueue(QueueWorld.counting, 1)
            try await reader.receive(until: "event: job")
            try await reader.receive(until: #""state":"waiting","priority":3,"attemptsMade":0"#)
        }
    }

    @Test func aStreamEndsWhenTheProcessIsToStop() async throws {
        try await withQueues(isDraining: { true }) { world in
            let answer = try await world.send("GET", "stream", by: "reader")
            #expect(answer.status == 200 && answer.isWhole)
        }
    }

    @Test func thePageIsThereForEverybodyAndHoldsNoData() async throws {
        try await withQueues { world in
            let page = try await world.server.send("GET", "/admin/queues")
            #expect(page.status == 200 && page.field("content-type") == "text/html; charset=utf-8")
            #expect(page.field("content-security-policy")?.hasPrefix("default-src 'none'; script-src 'self'") == true)
            for match in page.text.matches(of: #/(?:src|href)="(\/admin\/queues\/[^"]+)"/#) {
                #expect(try await world.server.send("GET", String(match.1)).status == 200, "\(match.1)")
            }
            for path in ["app.js", "parts.js"] {
                #expect(try await world.server.send("GET", "/admin/queues/\(path)").status == 200)
            }
        }
    }
}
