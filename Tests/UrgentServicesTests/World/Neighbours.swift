import Crypto
import Identity
import Invoices
import Payments
import Service
import Support
import Telegram
import Values

@testable import Bots
@testable import Jobs
@testable import Notifications
@testable import UrgentServices

/// The shared modules that the board lives with, and the houses outside, emulated.
struct Neighbours: Sendable {
    static let secret = "urgent-secret-0123456789-0123456789"
    /// YooKassa calls from here, as the proxy in front of the server says.
    static let yooKassaAddress = "185.71.76.5"

    /// Takes what is sent to browsers.
    static let push = PushProviders([.webpush: SandboxPush()], webPushKey: "BAbc", webPushHosts: ["fcm.googleapis.com"])

    let telegram: TelegramEmulator
    let yooKassa: YooKassaEmulator
    let bot: TelegramBot
    let notifications: Notifications
    let payments: PaymentsModule
    let jobs: Jobs
    private let outbox: Outbox

    init(_ platform: TestPlatform, push: PushProviders = .nobody, proofLife: Duration = .days(1)) throws {
        telegram = try TelegramEmulator(Board.token)
        yooKassa = try YooKassaEmulator()
        outbox = platform.outbox
        jobs = Jobs(database: platform.database)
        let parts = OutsideParts(
            client: try TestLoops.client(), database: platform.database, clock: platform.clock, metrics: platform.metrics,
            log: platform.log)
        bot = TelegramBot(
            name: "urgent", token: Board.token, username: "urgent_bot", webhookSecret: Self.secret,
            base: telegram.service.url, life: proofLife,
            service: OutsideService("telegram", client: try TestLoops.client(), clock: platform.clock), clock: platform.clock)
        let bots = TelegramBots([bot])
        notifications = Notifications(
            database: platform.database, jobs: jobs, events: platform.outbox, dataKey: Array(repeating: 7, count: 32),
            channels: Channels(email: nil, sms: SMSProviders([]), push: push, telegram: .bots(bots)),
            categories: UrgentServicesModule.categories, clock: platform.clock, log: platform.log)
        let providers: [any PaymentProvider] = [
            StarsProvider(bots, rate: { 150 }, through: parts),
            YooKassaProvider(
                shopID: YooKassaEmulator.shop.id, secret: YooKassaEmulator.shop.secret,
                networks: ["185.71.76.0/27"].compactMap { Network($0) }, base: yooKassa.service.url + "/v3", through: parts),
        ]
        let door = Payments(
            database: platform.database,
            invoices: Invoices(
                database: platform.database, events: platform.outbox, kinds: InvoiceKinds([]), clock: platform.clock),
            purposes: UrgentServicesModule.purposes(
                platform.database, events: platform.outbox,
                audit: Audit(database: platform.database, clock: platform.clock, log: platform.log)),
            providers: PaymentProviders(providers, database: platform.database),
            followUp: PaymentFollowUp(events: platform.outbox, jobs: jobs, log: platform.log), cache: platform.cache,
            ring: SealingRing(current: .random(id: 1)), publicURL: "http://pay.test", clock: platform.clock)
        payments = PaymentsModule(
            door,
            payouts: Payouts(
                ledger: Ledger(database: platform.database, clock: platform.clock), kinds: [],
                ring: SealingRing(current: .random(id: 1)),
                followUp: PaymentFollowUp(events: platform.outbox, jobs: jobs, log: platform.log)),
            returns: ReturnAddresses(standard: "http://app.test/", hosts: []))
    }

    func partners(_ identity: IdentityModule, _ platform: TestPlatform) -> UrgentPartners {
        UrgentPartners(
            payments: payments, notifications: notifications,
            bots: Bots(
                database: platform.database, bots: TelegramBots([bot]), accounts: identity.telegram,
                notifications: notifications, stars: payments.stars, voices: []),
            jobs: jobs, metrics: platform.metrics, clock: platform.clock)
    }

    /// Who carries out what is left for later: notices, webhooks, and the board's own jobs.
    func jobTypes(_ module: UrgentServicesModule) -> [JobType] {
        module.jobs + payments.jobs + NotificationJobs.types(notifications)
    }

    func dispatch(to module: UrgentServicesModule) async throws -> Int { try await outbox.dispatch(to: module.eventHandlers) }
}
