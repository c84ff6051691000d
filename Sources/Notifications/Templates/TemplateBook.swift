import Postgres
import Service
import Synchronization
import Telemetry
import Values

/// The stored templates in memory, as every instance keeps them: read at the start and whenever the database tells of a
/// change.
package final class TemplateBook: Sendable {
    private static let channel = "notifications"

    private let database: Database
    private let mirror: Mirror
    private let templates: Box

    private final class Box: Sendable {
        let all = Mutex<[StoredTemplate.Place: StoredTemplate]>([:])
    }

    init(_ database: Database, log: Log) {
        let box = Box()
        self.database = database
        templates = box
        mirror = Mirror("templates", of: database, log: log) {
            let active = try await database.all(TemplateQueries.active())
            return {
                let places = Dictionary(active.map { ($0.place, $0) }) { first, _ in first }
                box.all.withLock { $0 = places }
            }
        }
    }

    /// Reads everything once, and whenever something changes from then on.
    func start() async throws {
        try await mirror.reload()
        database.listen(
            Self.channel,
            // What was changed before notifications arrive is told by nobody.
            hears: { [mirror] hears in if hears { mirror.refresh() } }
        ) { [mirror] _ in mirror.refresh() }
    }

    /// Whoever has changed something finds it acting when this returns.
    package func changed() async { await mirror.changed() }

    /// The notice as it is said over a channel: by the stored template for its reader's language, or for the language that
    /// the program would speak to him, or else as it is.
    func worded(_ notice: Notice, over type: NotificationType) -> Notice {
        guard let key = notice.template, let values = notice.values else { return notice }
        let found = templates.all.withLock { all in
            guard !all.isEmpty else { return nil as StoredTemplate? }
            let usual = TemplateKey.spoken(to: notice.locale)
            return all[.init(key: key, type: type, locale: notice.locale)] ?? all[.init(key: key, type: type, locale: usual)]
        }
        guard let found else { return notice }
        let text = found.text
        var notice = notice
        notice.design = found.providerTemplateID.map { ProviderTemplate(id: $0, data: values) }
        if !text.subject.isEmpty { notice.subject = String(text.filled(text.subject, with: values).unicodeScalars.prefix(255)) }
        notice.body = String(text.filled(text.body, with: values).unicodeScalars.prefix(50_000))
        notice.html = type == .email ? text.html(with: values) : nil
        return notice
    }
}
