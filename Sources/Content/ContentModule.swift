import Cache
import Files
import Identity
import JSON
import Jobs
import Postgres
import Service
import Values

/// What this module adds to the program.
package struct ContentModule: Module {
    /// Whether somebody may use the premium templates of a product.
    package typealias Premium = nonisolated(nonsending) @Sendable (_ user: UUID, _ product: String) async throws -> Bool

    package let name = "content"
    let database: Database
    let files: Files
    let cache: Cache
    package let pages: Pages
    /// Nil where nothing is sold that would open them: then they are for staff alone.
    let premium: Premium?
    private let trail: StaffTrail?
    private let clock: Clock

    /// - Parameter trail: where changes by staff are written down.
    package init(
        database: Database, files: Files, cache: Cache, premium: Premium? = nil, trail: StaffTrail? = nil,
        clock: Clock = .system
    ) {
        self.database = database
        self.files = files
        self.cache = cache
        self.premium = premium
        self.trail = trail
        self.clock = clock
        pages = Pages(database: database, cache: cache, clock: clock)
    }

    /// The pictures of slides, which everybody sees.
    package static let slideImage = FilePurpose("slide_image", FileType.images, limit: 10_000_000, visibility: .public)

    package var operations: [Operation] {
        PageOperations.all(self) + FaqOperations.all(self) + SlideOperations.all(self) + TemplateOperations.all(self)
    }

    private static let publishing = JobKind<Empty>("publish-scheduled", queue: "maintenance")
    private static let cleaning = JobKind<Empty>("content-clean", queue: "maintenance", priority: .low)

    package var jobs: [JobType] {
        [
            JobType(Self.publishing) { _, _ in try await pages.publishDue() },
            JobType(Self.cleaning) { _, _ in
                try await database.execute(FaqQueries.clean(before: clock.now().day.adding(days: -30)))
            },
        ]
    }

    package var schedules: [Schedule] {
        [
            Schedule("publish-scheduled", Self.publishing, Empty(), .cron("* * * * *")),
            Schedule("content-clean", Self.cleaning, Empty(), .cron("30 3 * * *")),
        ]
    }

    package static var statements: [StatementSample] {
        PageQueries.samples + FaqQueries.samples + SlideQueries.samples + TemplateQueries.samples
    }

    func record(
        _ action: String, _ type: String, _ id: UUID?, _ changes: [AuditChange?] = [], by call: Call
    ) async {
        await trail?.record(action, type, id?.description, product: "content", in: .platform, changes: changes, by: call)
    }
}
