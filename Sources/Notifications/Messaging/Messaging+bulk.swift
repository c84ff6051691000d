import Jobs
import Postgres
import Service
import Values

/// Short messages of a registered text to many.
extension Messaging {
    /// Writes all of them and sets the credits of all aside, or none: then they go five a second.
    ///
    /// - Parameter reach: of whom a filter may name people.
    func send(_ body: BulkMessage, from scope: Scope?, within reach: Reach) async throws -> AcceptedBulk {
        guard body.variables.count == body.templateType.variables else {
            throw MessagingProblem.variablesMismatch.on("variables").with("expected", .number("\(body.templateType.variables)"))
        }
        let recipients = try await recipients(of: body, within: reach)
        let messages = try await texts(body, to: recipients)
        if messages.isEmpty, !recipients.contains(where: { isTaken(body.templateType, $0.phone) }) {
            throw MessagingProblem.smsUnavailable.problem
        }
        let (batch, sender) = (UUID.v7(), BatchSender(scope))
        let meter = notifications.meter(of: scope)
        try await notifications.database.transaction { _ in
            if messages.isEmpty { return }
            try await notifications.database.execute(
                BulkQueries.insert(
                    messages, body.templateType, of: sender, in: batch, isMetered: meter != nil, at: notifications.clock.now()))
            if let scope, let meter {
                try await meter.reserve(messages.map { MessageCredits($0.id.uuid, $0.segments) }, of: scope)
            }
            try await notifications.jobs.enqueue(NotificationJobs.sendBatch, sender, dedupe: sender.key)
        }
        return AcceptedBulk(batchID: batch, queued: messages.count, skipped: recipients.count - messages.count)
    }

    private func isTaken(_ template: DLTTemplate, _ phone: String) -> Bool {
        notifications.channels.sms.choose(template, to: phone) != nil
    }

    private func recipients(of body: BulkMessage, within reach: Reach) async throws -> [BulkRecipient] {
        guard let filter = body.filter else { return body.recipients }
        let people = try await notifications.audiences.people(filter, within: reach, limit: BulkMessage.most + 1)
        if people.count > BulkMessage.most {
            throw InvalidInput(field: "filter", code: "range", message: "names more than \(BulkMessage.most) people")
        }
        return try await notifications.contacts.contacts(of: people).compactMap { person in
            person.phone.map {
                BulkRecipient(phone: $0, values: ["name": person.name, "phone": $0], subjectID: person.userID)
            }
        }
    }

    /// The texts of those whom it can reach, each number once.
    private func texts(_ body: BulkMessage, to recipients: [BulkRecipient]) async throws -> [BulkText] {
        let unwilling = Set(try await notifications.database.all(BulkQueries.suppressed(recipients.map(\.phone))))
        var seen: Set<String> = []
        return recipients.compactMap { recipient -> BulkText? in
            let variables = body.variables.map { variable -> String? in
                let text = TemplateText(subject: "", body: variable)
                guard Set(text.variables).isSubset(of: recipient.values.keys) else { return nil }
                return text.filled(variable, with: recipient.values)
            }
            let values = variables.compactMap(\.self)
            guard values.count == variables.count, isTaken(body.templateType, recipient.phone),
                !unwilling.contains(recipient.phone), seen.insert(recipient.phone).inserted
            else { return nil }
            let text = body.templateType.filled(values)
            let segments = SMSText.segments(of: text)
            guard segments <= SMSText.most else { return nil }
            return BulkText(
                id: .new(), phone: recipient.phone, text: text, segments: segments, subjectID: recipient.subjectID)
        }
    }
}

extension Notifications {
    /// As many of one sender go a second; four senders at a time.
    private static let perSecond = 5
    private static let tries = 3

    /// Sends the next of a sender's short messages to many, and goes on in a second while there are more.
    func sendBatch(_ sender: BatchSender) async throws {
        let waiting = try await database.all(BulkQueries.next(of: sender, limit: Self.perSecond + 1))
        for message in waiting.prefix(Self.perSecond) {
            do {
                try await deliver(message.id)
            } catch JobVerdict.giveUp(let reason) {
                try await giveUp(message.id, because: reason)
            } catch let failure as DeliveryFailure {
                if message.tries + 1 >= Self.tries { try await giveUp(message.id, because: "\(failure)") }
            }
        }
        if !waiting.isEmpty { throw JobVerdict.snooze(.seconds(1)) }
    }

    /// Whatever waits has somebody who sends it on.
    func wakeBatches() async throws {
        try await jobs.enqueue(NotificationJobs.sendBatch, all: try await database.all(BulkQueries.senders()), dedupe: { $0.key })
    }
}
