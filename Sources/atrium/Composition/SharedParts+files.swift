import Analytics
import Condominiums
import Content
import Files
import Identity
import Notifications
import Privacy
import Reviews
import Service
import Tickets
import Values

extension SharedParts {
    /// Files with the purposes that other modules register.
    func files(_ program: Program, _ tickets: TicketsModule, _ reviews: ReviewsModule) -> FilesModule {
        let files = Files(
            program.settings, through: program.storage,
            purposes: FilePurposes([
                tickets.tickets.filePurpose, reviews.reviews.filePurpose, PersonalExports.filePurpose, ContentModule.slideImage,
                AnalyticsModule.reportFile,
            ] + CondominiumsModule.filePurposes), jobs: jobs, outbox: outbox, pool: program.blocking, dataKey: program.dataKey)
        let recognitions = Recognitions(
            program.settings, files, jobs: jobs, through: program.outside
        ) { [grants = identity.grants, notifications] month in
            for holder in try await grants.holders(of: "files:manage") {
                try await notifications.send(Self.budgetNotice(month, holder.id), to: .user(holder.id, email: holder.email))
            }
        }
        return FilesModule(files, recognitions: recognitions, identity: identity)
    }

    private static func budgetNotice(_ month: Period, _ holder: UUID) -> Notice {
        Notice(
            .system, subject: "Reading pictures has cost four fifths of its budget",
            body: """
                Of what Perplexity may cost in \(month), four fifths are spent. Beyond it pictures are read by this server alone.
                """,
            priority: .high, template: "recognition_budget", dedupeKey: "recognition-budget:\(month):\(holder)")
    }

    /// Copies and erasure of what all modules keep of people.
    func privacy(_ program: Program, _ files: Files) -> PrivacyModule {
        PrivacyModule(
            PersonalExports(
                identity.personal, database: program.database, files: files, jobs: jobs, notifications: notifications,
                contacts: UserContacts(program.database)))
    }
}
