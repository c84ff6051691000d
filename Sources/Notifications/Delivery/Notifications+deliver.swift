import Jobs
import Postgres
import Service
import Telegram
import Values

/// Messages on their way out, and what is heard of them.
extension Notifications {
    /// Hands a pending message to the provider of its channel. Repeatable: what has been sent is left alone.
    func deliver(_ id: ID<Notification>) async throws {
        guard let record = try await database.first(NotificationQueries.pending(id)) else { return }
        if let end = record.expiresAt, end <= clock.now() { throw JobVerdict.giveUp(Self.expired) }
        // No try of the message is counted where there is no room.
        try await takePlace(for: record)
        do {
            try await checkSuppression(of: record)
            let taken = try await hand(record)
            try await noteSent(record, taken)
        } catch let error as OutsideUnavailable {
            // Nothing was tried.
            throw JobVerdict.snooze(max(error.retryAfter, .seconds(1)))
        } catch TelegramFailure.busy(let wait) {
            throw JobVerdict.snooze(wait)
        } catch {
            try await database.execute(NotificationQueries.tried(id, Self.reason(error)))
            guard let failure = error as? DeliveryFailure else { throw error }
            switch failure {
            case .later: throw failure
            case .refused(let reason): throw JobVerdict.giveUp(reason)
            case .unknown(let reason): try await noteUnknown(record, reason)
            case .deadAddress(let reason):
                try await database.execute(
                    DeliveryQueries.suppress(record.recipient, record.type, .bounce, at: clock.now()))
                throw JobVerdict.giveUp(reason)
            }
        }
    }

    /// No further try will be made.
    func giveUp(_ id: ID<Notification>, because reason: String) async throws {
        try await database.transaction { _ in
            let failed = NotificationQueries.failed(id, String(reason.unicodeScalars.prefix(500)), at: clock.now())
            if try await database.execute(failed) == 1 {
                try await events.publish(.messageChanged, [id])
                try await settleCredits(of: [id], as: .returned)
            }
        }
    }

    /// Which provider has taken a message, and how he calls it.
    private struct Taken {
        let provider: String
        let isSandbox: Bool
        let externalID: String?
    }

    private func hand(_ record: NotificationRecord) async throws -> Taken {
        switch record.type {
        case .email:
            guard let provider = channels.email else { throw DeliveryFailure.refused("no e-mail provider is configured") }
            let link = record.broadcastID == nil ? nil : record.userID.flatMap { unsubscribing?.link(for: $0, record.category) }
            let mail = OutgoingMail(
                id: record.id, to: record.recipient, subject: record.subject ?? "", text: try text(of: record),
                html: try html(of: record), template: try design(of: record), unsubscribe: link)
            let external = try await provider.send(mail)
            return Taken(provider: provider.name, isSandbox: provider.isSandbox, externalID: external)
        case .sms:
            let template = record.registeredText.flatMap { DLTTemplate(rawValue: $0) }
            let registration = record.providerTemplateID
            guard let provider = channels.sms.choose(template, registeredAs: registration, to: record.recipient) else {
                throw DeliveryFailure.refused("nobody sends short messages of this text to this number")
            }
            let message = OutgoingSMS(id: record.id, to: record.recipient, text: try text(of: record), template: template,
                registration: registration)
            let external = try await provider.send(message)
            return Taken(provider: provider.name, isSandbox: provider.isSandbox, externalID: external)
        case .push:
            let (provider, external) = try await handPush(record)
            return Taken(provider: provider.name, isSandbox: provider.isSandbox, externalID: external)
        case .telegram:
            let external = try await handTelegram(record)
            return Taken(provider: "telegram", isSandbox: channels.telegram.isSandbox, externalID: external)
        case .inApp, .whatsapp:
            throw DeliveryFailure.refused("nothing sends messages of type \(record.type.rawValue)")
        }
    }

    /// Whoever has unsubscribed still gets what is no advertising.
    private func checkSuppression(of record: NotificationRecord) async throws {
        let suppression = DeliveryQueries.suppression(of: record.recipient, record.type)
        guard let reason = try await database.first(suppression) else { return }
        if reason == SuppressionReason.unsubscribed.rawValue, record.category != NoticeCategory.marketing.name { return }
        throw DeliveryFailure.refused("nothing is sent to this address: \(reason)")
    }

    private func noteSent(_ record: NotificationRecord, _ taken: Taken) async throws {
        try await database.transaction { _ in
            let sent = NotificationQueries.sent(
                record.id, by: taken.provider, taken.externalID, at: clock.now(), erasingSecret: !taken.isSandbox)
            if try await database.execute(sent) == 1 {
                try await events.publish(.messageChanged, [record.id])
                try await settleCredits(of: [record.id], as: .spent)
            }
        }
    }

    /// It may be on its way: it is not sent again, and its credits stay set aside until something is heard, for a day.
    private func noteUnknown(_ record: NotificationRecord, _ reason: String) async throws {
        try await database.transaction { _ in
            if try await database.execute(NotificationQueries.sentPerhaps(record.id, reason, at: clock.now())) == 1 {
                try await events.publish(.messageChanged, [record.id])
            }
        }
    }

    private static func reason(_ error: any Error) -> String {
        if case JobVerdict.giveUp(let reason) = error { return String(reason.unicodeScalars.prefix(500)) }
        return String(String(describing: error).unicodeScalars.prefix(500))
    }

    // MARK: What is heard

    /// Takes in what a provider tells, each event once. Of several reports of one message the gravest counts.
    func hear(_ reports: [DeliveryReport], from provider: String) async throws {
        if reports.isEmpty { return }
        try await database.transaction { _ in
            let now = clock.now()
            let ids = Array(Set(reports.map(\.eventID)))
            let fresh = Set(try await database.all(DeliveryQueries.hear(ids, from: provider, at: now)))
            let heard = Self.gravest(reports.filter { fresh.contains($0.eventID) })
            if heard.isEmpty { return }
            let changed = try await database.all(DeliveryQueries.apply(heard, from: provider, at: now))
            let suppressing = heard.filter { $0.suppressing != nil }
            try await database.execute(
                DeliveryQueries.suppress(
                    suppressing.map(\.notificationID), because: suppressing.compactMap { $0.suppressing?.rawValue }, at: now))
            try await events.publish(.messageChanged, changed)
            let fates = Dictionary(heard.map { ($0.notificationID, $0.status) }) { first, _ in first }
            try await settleCredits(of: changed.filter { fates[$0] == .delivered }, as: .spent)
            try await settleCredits(of: changed.filter { fates[$0] != .delivered }, as: .returned)
        }
    }

    /// Whether an outside service tells something for the first time; from then on it does not any more. In the transaction of
    /// what it leads to.
    package func hearsFirst(_ event: String, from provider: String) async throws -> Bool {
        try await !database.all(DeliveryQueries.hear([event], from: provider, at: clock.now())).isEmpty
    }

    static func gravest(_ reports: [DeliveryReport]) -> [DeliveryReport] {
        func gravity(_ report: DeliveryReport) -> Int { report.status == .delivered ? 0 : report.suppressing == nil ? 1 : 2 }
        return Dictionary(grouping: reports, by: \.notificationID).values.compactMap { reports in
            reports.max { gravity($0) < gravity($1) }
        }
    }
}
