import Jobs
import Postgres
import Service

/// The receiver of our bots' updates.
package struct BotsModule: Module {
    package let name = "bots"
    package let bots: Bots
    private let jobDoor: Jobs
    private let addresses: [String: String]

    /// - Parameter addresses: where Telegram is told to bring a bot's updates, by its name.
    package init(_ bots: Bots, jobs: Jobs, addresses: [String: String]) {
        self.bots = bots
        jobDoor = jobs
        self.addresses = addresses
    }

    package var operations: [Operation] { BotOperations(bots: bots).all }
    package var jobs: [JobType] { BotJobs.all(bots) }

    /// None of its own: what it does it does by the doors of others.
    package static var statements: [StatementSample] { [] }

    /// Of many instances that start at once one tells Telegram.
    package func start() async throws {
        for (bot, url) in addresses.sorted(by: { $0.key < $1.key }) where bots.listening(bot) != nil {
            try await jobDoor.enqueue(BotJobs.setWebhook, BotWebhook(bot: bot, url: url), dedupe: "bot-webhook:\(bot)")
        }
    }
}
