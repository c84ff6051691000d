import JSON
import Postgres
import Support
import Testing
import Values

@testable import Jobs
@testable import QueueManagement

@Suite struct QueueHealthTests {
    private func signs(waiting: Int = 0, failed: Int = 0, finished: Int = 0, failedInHour: Int = 0) -> QueueSigns {
        QueueSigns(
            stats: QueueStats(
                queue: "q", waiting: waiting, delayed: 0, active: 0, completed: 0, failed: failed, isPaused: false),
            finished: finished, failed: failedInHour, oldestWaitingSeconds: nil)
    }

    @Test(arguments: [
        (0, 0, 0, 0, QueueHealth.Status.healthy), (1000, 0, 0, 0, .healthy), (1001, 0, 0, 0, .warning),
        (0, 0, 9, 9, .healthy), (0, 0, 10, 1, .healthy), (0, 0, 10, 2, .critical), (0, 100, 0, 0, .healthy),
        (0, 101, 0, 0, .critical), (2000, 101, 0, 0, .critical),
    ])
    func isJudgedByItsSigns(waiting: Int, failed: Int, finished: Int, failedInHour: Int, status: QueueHealth.Status) {
        let health = QueueHealth(signs(waiting: waiting, failed: failed, finished: finished, failedInHour: failedInHour))
        #expect(health.status == status)
    }

    /// Scenario 33: a change is one mail to each who may manage queues.
    @Test func aChangeIsMailedOnce() async throws {
        try await withQueues { world in
            func check() async throws {
                try await world.jobs.enqueue(QueueHealthCheck.kind, Empty())
                let workers = world.workers()
                try await workers.round(isHousekeeping: true)
                await workers.idle()
            }
            func mails() async throws -> [String] {
                try await world.database.all(
                    Statement<String>(
                        """
                        select concat_ws(' ', recipient, template_key, subject) from notifications.notifications
                         where type = 'email' order by id
                        """))
            }
            try await world.database.execute(Command("update identity.users set locale = 'en'"))
            try await check()
            #expect(try await mails() == [])
            try await world.database.execute(
                Command("insert into jobs.tallies values ('counting', date_trunc('minute', now()), 8, 4)"))
            try await check()
            try await check()
            #expect(try await mails() == ["manager@example.com queue_alert Queue counting: critical"])
            let body = try await world.database.first(
                Statement<String>("select body from notifications.notifications where type = 'email'"))
            #expect(
                body == """
                    The queue counting is critical: 4 of the 12 jobs of the last hour failed.
                    https://atrium.example/admin/queues
                    """)
            #expect(
                try await world.database.first(Statement<String>("select health ->> 'status' from jobs.queues where name = 'counting'"))
                    == "critical")
            try await world.database.execute(Command("delete from jobs.tallies"))
            try await check()
            #expect(try await mails().last == "manager@example.com queue_alert Queue counting: healthy")
            #expect(try await mails().count == 2)
        }
    }
}
