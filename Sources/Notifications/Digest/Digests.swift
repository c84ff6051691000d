import JSON
import Jobs
import Postgres
import Values

/// Whose digest, and which: the same is sent once.
struct DigestWish: Shaped {
    let userID: UUID
    let dueAt: Instant

    static let shape = Shape<Self>(
        "DigestWish", Self.init, Field("userId", { $0.userID }), Field("dueAt", { $0.dueAt }))
}

/// What is of low priority, once a day or week in one mail.
extension Notifications {
    /// Hands every digest that is due to a job of its own, and notes when the next is.
    func runDigests() async throws {
        while true {
            let count = try await database.transaction { _ in
                let now = clock.now()
                let due = try await database.all(DigestQueries.due(at: now))
                if due.isEmpty { return 0 }
                let ids = due.map(\.user)
                let zones = Dictionary(
                    try await contacts.contacts(of: ids).map { ($0.userID, $0.timeZone ?? "UTC") }) { first, _ in first }
                try await database.execute(DigestQueries.put(off: ids, zones: ids.map { zones[$0] ?? "UTC" }, at: now))
                try await jobs.enqueue(
                    NotificationJobs.sendDigest, all: due.map { DigestWish(userID: $0.user, dueAt: $0.dueAt) },
                    dedupe: { $0.userID.description })
                return due.count
            }
            if count < DigestQueries.batch { return }
        }
    }

    /// Mails a person what has come into his list since the last digest, if anything has.
    func sendDigest(_ wish: DigestWish) async throws {
        guard let person = try await contacts.contacts(of: [wish.userID]).first, let email = person.email else { return }
        try await database.transaction { _ in
            guard let since = try await database.first(DigestQueries.begin(wish.userID, at: wish.dueAt)) else { return }
            let items = try await database.all(DigestQueries.items(of: wish.userID, from: since.last, to: wish.dueAt))
            if items.isEmpty { return }
            let total = try await database.one(DigestQueries.count(of: wish.userID, from: since.last, to: wish.dueAt))
            var notice = DigestText.notice(items, total: total, to: person)
            notice.dedupeKey = "digest:\(wish.userID):\(wish.dueAt.secondsSince1970)"
            _ = try await add(NewMessage(type: .email, userID: wish.userID, recipient: email, notice: notice), from: nil)
        }
    }
}

/// A notice as a line of a digest.
struct DigestItem: Row, Sendable {
    let subject: String?
    let body: String

    init(_ row: inout RowReader) throws {
        subject = try row.next()
        body = try row.next()
    }

    init(subject: String?, body: String) {
        self.subject = subject
        self.body = body
    }
}

/// The words of a digest.
enum DigestText {
    static func notice(_ items: [DigestItem], total: Int, to person: Contact) -> Notice {
        let isRussian = TemplateKey.spoken(to: person.locale) == "ru"
        let subject = isRussian ? "Что нового" : "What is new"
        var lines = items.map { item -> String in
            let body = String(item.body.unicodeScalars.prefix(300))
            return [item.subject ?? "", body].filter { !$0.isEmpty }.joined(separator: "\n")
        }
        if total > items.count {
            lines.append(isRussian ? "И ещё \(total - items.count) в вашем списке." : "And \(total - items.count) more in your list.")
        }
        var notice = Notice(.system, subject: subject, body: lines.joined(separator: "\n\n"))
        notice.priority = .low
        return notice
    }
}
