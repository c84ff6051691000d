import Notifications
import Postgres
import Service
import Values

/// Reminds debtors of what they owe: every week once two are over, and by the policies of the kinds.
package struct Dunning: Sendable {
    /// Of the invoices reminded of in one transaction.
    private static let step = 50

    let invoices: Invoices
    private let notifications: Notifications
    private var database: Database { invoices.database }

    package init(_ invoices: Invoices, notifications: Notifications) {
        self.invoices = invoices
        self.notifications = notifications
    }

    // MARK: Policies

    /// A policy for each kind that a product registers.
    func policies() async throws -> [DunningPolicy] {
        let stored = try await database.all(DunningQueries.policies())
        return invoices.kinds.names.map { kind in stored.first { $0.kind == kind } ?? .proposed(kind) }
    }

    /// In the caller's transaction.
    func change(_ kind: String, _ body: DunningPolicyBody) async throws -> (before: DunningPolicy, after: DunningPolicy) {
        guard invoices.kinds[kind] != nil else { throw HouseProblem.notFound.problem }
        _ = try await database.first(DunningQueries.lock(kind))
        let before = try await database.first(DunningQueries.policy(kind)) ?? .proposed(kind)
        let steps = body.steps.value(or: before.steps).sorted { $0.day < $1.day }
        let after = DunningPolicy(kind: kind, steps: steps, isEnabled: body.isEnabled.value(or: before.isEnabled))
        try await database.execute(DunningQueries.save(after, at: invoices.clock.now()))
        return (before, after)
    }

    // MARK: Reminding

    /// Sends what has come due by the policies. Each step of an invoice once; two instances at once pass over what the other
    /// has in hand.
    func dun() async throws {
        for policy in try await policies() where policy.isEnabled {
            for step in policy.steps {
                while try await dun(policy.kind, step) == Self.step {}
            }
        }
    }

    private func dun(_ kind: String, _ step: DunningStep) async throws -> Int {
        try await database.transaction { _ in
            let now = invoices.clock.now()
            let due = try await database.all(DunningQueries.due(kind, day: step.day, at: now, limit: Self.step))
            try await database.execute(DunningQueries.sent(step, of: due.map(\.invoice.id), at: now))
            try await tell(due, by: step.channel, key: "dunning:\(step.day)") { _ in step.template.key }
            return due.count
        }
    }

    /// Reminds of what is open two weeks after its issue, and every week then. Repeatable, as `dun`.
    func remind() async throws {
        while try await remindSome() == Self.step {}
    }

    private func remindSome() async throws -> Int {
        try await database.transaction { _ in
            let now = invoices.clock.now()
            let due = try await database.all(DunningQueries.toRemind(at: now, limit: Self.step))
            try await database.execute(DunningQueries.reminded(due.map(\.invoice.id), at: now))
            try await tell(due, by: .email, key: "reminder:\(now.day)") { row in
                row.invoice.state.dueOn < row.today ? .invoiceReminder : .paymentReminder
            }
            return due.count
        }
    }

    /// Tells the debtor of an issued invoice, as often as somebody wants it; in the caller's transaction.
    func send(_ invoice: Invoice) async throws {
        guard invoice.state.status.isOpen else { throw InvoiceProblem.invalidState }
        let row = DueInvoice(invoice: invoice, today: invoices.clock.now().day)
        try await tell([row], by: .email, key: "invoice_sent:\(UUID.v7())") { _ in .invoiceReady }
    }

    /// In the transaction that notes that it has been done.
    private func tell(
        _ due: [DueInvoice], by channel: DunningChannel, key: String, _ template: (DueInvoice) -> TemplateKey
    ) async throws {
        let contacts = try await contacts(of: due)
        let users = Set(contacts.values.joined().map(\.user)).sorted()
        if users.isEmpty { return }
        let readers = Dictionary(
            try await database.all(DunningQueries.readers(users)).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        for row in due {
            for contact in contacts[row.invoice.parties.debtor] ?? [] {
                guard let reader = readers[contact.user] else { continue }
                var notice = notice(of: row, by: template(row), for: reader)
                if let words = contact.words { notice.body += "\n\(words)" }
                notice.dedupeKey = "\(key):\(row.invoice.id):\(reader.id)"
                try await notifications.send(notice, to: .user(reader.id, email: channel == .email ? reader.email : nil))
            }
        }
    }

    private func notice(of row: DueInvoice, by template: TemplateKey, for reader: InvoiceReader) -> Notice {
        let number = row.invoice.number ?? ""
        return Notice(
            template: template, in: reader.locale,
            [
                "number": number, "purpose": number, "amount": row.balance.description,
                "date": row.invoice.state.dueOn.description,
            ], scope: row.invoice.parties.scope)
    }

    /// Who hears of it, by debtor: a question to each kind.
    private func contacts(of due: [DueInvoice]) async throws -> [Scope: [InvoiceContact]] {
        var found: [Scope: [InvoiceContact]] = [:]
        for (name, rows) in Dictionary(grouping: due, by: \.invoice.kind) {
            guard let kind = invoices.kinds[name] else { continue }
            let debtors = Set(rows.compactMap(\.invoice.parties.debtor.id)).sorted()
            for contact in try await kind.contacts(debtors) {
                let debtor = Scope(kind.debtorType, contact.debtor)
                if found[debtor]?.contains(where: { $0.user == contact.user }) != true {
                    found[debtor, default: []].append(contact)
                }
            }
        }
        return found
    }
}
