import Postgres
import Runtime
import Service
import Support
import Synchronization
import Testing
import Values

@testable import Jobs
@testable import Notifications

/// The people who may call the module: a token is the name of one of them.
struct Desk {
    static let reader = UUID("00000000-0000-7000-8000-000000000001")!
    static let other = UUID("00000000-0000-7000-8000-000000000002")!
    static let clerk = UUID("00000000-0000-7000-8000-000000000003")!
    static let admin = UUID("00000000-0000-7000-8000-000000000004")!
    static let herald = UUID("00000000-0000-7000-8000-000000000007")!
    static let sender = UUID("00000000-0000-7000-8000-000000000006")!
    static let chief = UUID("00000000-0000-7000-8000-000000000005")!

    static let people = TestTokens([
        "reader": (reader, []), "other": (other, []), "clerk": (clerk, ["messaging:read"]),
        "sender": (sender, ["messaging:create"]), "admin": (admin, ["settings:read"]), "chief": (chief, ["settings:read"]),
        "herald": (herald, ["messaging:manage"]),
    ])
}

/// The chief is above everybody else.
extension Desk: Ranks {
    func above(_ caller: Caller) async throws -> [Superior] {
        caller.userID == Self.chief ? [] : [Superior(id: Self.chief, email: "chief@example.com")]
    }
}

/// A mail service that the test sees and can break.
final class TestMailer: EmailProvider {
    struct Broken: Error {}

    let name = "test"
    let isSandbox = false
    private let state = Mutex<(sent: [OutgoingMail], error: (any Error)?)>(([], nil))

    var sent: [OutgoingMail] { state.withLock { $0.sent } }

    func fail(with error: (any Error)?) { state.withLock { $0.error = error } }

    func send(_ mail: OutgoingMail) async throws -> String? {
        try state.withLock { state in
            if let error = state.error { throw error }
            state.sent.append(mail)
            return "external-\(state.sent.count)"
        }
    }
}

extension Notifications {
    static func test(
        _ database: Database, _ provider: (any EmailProvider)? = SandboxEmail(), sms: (any SMSProvider)? = nil,
        push: PushProviders? = nil, telegram: TelegramChannel? = nil, audiences: any Audiences = NoAudiences(), meters: [any CreditMeter] = [], clock: Clock = .system
    ) -> Notifications {
        let short: [any SMSProvider] = sms.map { [$0] } ?? (provider?.isSandbox == true ? [SandboxSMS()] : [])
        let isSandbox = provider?.isSandbox == true
        let channels = Channels(
            email: provider, sms: SMSProviders(short), push: push ?? (isSandbox ? .sandbox : .nobody),
            telegram: telegram ?? (isSandbox ? .sandbox : .nobody))
        return Notifications(
            database: database, jobs: Jobs(database: database), events: Outbox(database: database, log: .silent),
            dataKey: [UInt8](repeating: 7, count: 32), channels: channels,
            contacts: DeskContacts(database: database), audiences: audiences,
            unsubscribing: Unsubscribing(server: "https://api.example", key: [7]), meters: meters, clock: clock, log: .silent)
    }

    /// Lets workers carry out what waits, try after try.
    func exhaust() async throws {
        let workers = JobWorkers(
            NotificationJobs.types(self), database: database, loops: [TestLoops.group.loops[0]], log: .silent)
        while try await database.one(Statement<Int>("select count(*) from jobs.jobs where finished_at is null")) > 0 {
            try await database.execute(Command("update jobs.jobs set run_at = now() where state = 'delayed'"))
            try await workers.round(isHousekeeping: true)
            await workers.idle()
        }
    }

    /// Carries out the jobs that wait, as workers would.
    func deliverAll() async throws {
        for id in try await database.all(
            Statement<ID<Notification>>(
                "select (data->>'notificationId')::uuid from jobs.jobs where state = 'waiting' order by id"))
        {
            try await deliver(id)
        }
    }
}
