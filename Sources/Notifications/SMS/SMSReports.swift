import JSON
import Postgres
import Service
import Telemetry
import Values

/// What providers of short messages say became of one, in our words.
enum SMSReports {
    /// Nil for what changes nothing: queued, sending, sent.
    static func twilio(
        _ id: ID<Notification>, sid: String, status: String, error: String?
    ) -> DeliveryReport? {
        func report(_ to: NotificationStatus, _ reason: String?) -> DeliveryReport {
            DeliveryReport(
                eventID: String("\(sid):\(status)".prefix(100)), notificationID: id, status: to, reason: reason, at: nil,
                suppressing: nil)
        }
        switch status {
        case "delivered": return report(.delivered, nil)
        case "undelivered", "failed": return report(.failed, status + (error.map { ": \($0.prefix(50))" } ?? ""))
        default: return nil
        }
    }

    /// One number of one request, as MSG91 reports it.
    struct Entry: Equatable {
        let requestID: String
        let status: NotificationStatus
        let reason: String?
        let eventID: String
    }

    private static let failures: Set<String> = ["2", "5", "9", "16", "17", "25", "26"]

    /// `[{requestId, report: [{number, status, desc, date}]}]`. What is not of that form, or still on its way, is left out.
    static func msg91(_ body: [UInt8]) -> [Entry] {
        let requests = (try? JSONValue.decode(json: body, limits: JSONLimits(depth: 8, members: 50_000)))?.array ?? []
        return requests.prefix(1000).flatMap { request -> [Entry] in
            guard let id = request["requestId"]?.string, (1...60).contains(id.utf8.count) else { return [] }
            return (request["report"]?.array ?? []).prefix(10).compactMap { entry in
                let status = entry["status"]?.string ?? entry["status"]?.int.map(String.init) ?? ""
                let isDelivered = status == "1"
                guard isDelivered || failures.contains(status) else { return nil }
                let reason = entry["desc"]?.string.map { ": \($0.prefix(100))" } ?? ""
                return Entry(
                    requestID: id, status: isDelivered ? .delivered : .failed, reason: isDelivered ? nil : "status \(status)\(reason)",
                    eventID: "\(id):\(status)")
            }
        }
    }
}

extension Notifications {
    /// Asks providers what became of messages of the last day whose callback has not come: five minutes after they were sent,
    /// and every half an hour from then on. Where a provider fails the rest waits.
    func askUnheard() async throws {
        for provider in channels.sms.all.compactMap({ $0 as? any SMSStatusSource }) {
            let now = clock.now()
            let unheard = try await database.all(
                DeliveryQueries.unheard(of: provider.name, askedBefore: now - .minutes(5), sentAfter: now - .days(1)))
            if unheard.isEmpty { continue }
            // Fifty at the most, one after the other: nobody waits for it, and no provider is pressed.
            var reports: [DeliveryReport] = []
            var asked: [ID<Notification>] = []
            for message in unheard {
                do {
                    let status = try await provider.status(of: message.external)
                    asked.append(message.id)
                    if let status, let report = SMSReports.twilio(
                        message.id, sid: message.external, status: status.word, error: status.error)
                    {
                        reports.append(report)
                    }
                } catch let failure as OutsideFailure {
                    log.info("a provider does not say what became of short messages", ["provider": .text(provider.name), "reason": .text("\(failure)")])
                    break
                }
            }
            try await database.execute(DeliveryQueries.asked(asked, at: now + .minutes(25)))
            try await hear(reports, from: provider.name)
        }
    }

    /// Reports name the provider's own id of a message; ids that are not ours are nobody's.
    func hearMSG91(_ entries: [SMSReports.Entry]) async throws {
        if entries.isEmpty { return }
        let found = try await database.all(DeliveryQueries.messages(of: "msg91", entries.map(\.requestID)))
        let ids = Dictionary(found.map { ($0.external, $0.id) }) { first, _ in first }
        try await hear(
            entries.compactMap { entry in
                ids[entry.requestID].map { id in
                    DeliveryReport(
                        eventID: entry.eventID, notificationID: id, status: entry.status, reason: entry.reason, at: nil,
                        suppressing: nil)
                }
            }, from: "msg91")
    }
}
