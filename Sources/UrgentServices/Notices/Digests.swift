import JSON
import Jobs
import Notifications
import Postgres
import Service
import Values

/// Tells executors what is open to them, not more often than each wants.
struct Digests: Sendable {
    /// Executors that one statement claims.
    private static let batch = 200
    /// Links in one notice.
    private static let links = 5

    let database: Database
    let notices: BoardNotices
    let notifications: Notifications
    let jobs: Jobs
    let places: Int

    /// Claims those who are due, each once over all instances, and leaves a job for each: one chat that is slow holds up
    /// nobody else.
    func run() async throws {
        while true {
            let claimed = try await database.transaction { _ in
                let people = try await database.all(NewsQueries.claimDue(places: places, limit: Self.batch))
                try await jobs.enqueue(
                    NoticeJobs.sendDigest, all: people.map { SendDigest(user: $0.id, at: $0.at, before: $0.before) },
                    dedupe: { "urgent:digest:\($0.user)" })
                return people.count
            }
            if claimed < Self.batch { return }
        }
    }

    /// What is open to him by now. Where it was taken meanwhile, or nothing reaches him any more, he was not told, and his quiet
    /// does not begin.
    func send(_ claim: SendDigest) async throws {
        try await database.transaction { _ in
            let orders = try await database.all(NewsQueries.openOrders(to: claim.user, places: places, limit: Self.links))
            guard let person = try await database.first(NewsQueries.reachable([claim.user])),
                let notice = notices.digest(orders, to: person, claimed: claim.at)
            else {
                try await database.execute(NewsQueries.unclaim(claim))
                return
            }
            try await notifications.send(notice, to: .user(person.account))
        }
    }
}
