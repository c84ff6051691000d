import Values

/// The life of an invoice as a value. Once issued, the status is only ever computed: nothing open → paid; due day past →
/// overdue; something paid → partially paid; else issued.
package struct InvoiceState: Equatable, Sendable {
    package private(set) var status: InvoiceStatus
    package private(set) var total: Int64
    package private(set) var paid: Int64
    package private(set) var dueOn: Day

    package init(status: InvoiceStatus, total: Int64, paid: Int64, dueOn: Day) {
        self.status = status
        self.total = total
        self.paid = paid
        self.dueOn = dueOn
    }

    package static func draft(total: Int64, dueOn: Day) -> InvoiceState {
        InvoiceState(status: .draft, total: total, paid: 0, dueOn: dueOn)
    }

    /// What is still to be paid; nothing on a draft or a cancelled invoice.
    package var balance: Int64 { status.isOpen ? total - paid : 0 }

    package mutating func issue(today: Day) throws(InvoiceProblem) {
        guard status == .draft else { throw .invalidState }
        status = computed(today: today)
    }

    package mutating func cancel() throws(InvoiceProblem) {
        guard paid == 0 else { throw .invoiceHasPayments }
        guard status == .draft || status.isOpen else { throw .invalidState }
        status = .cancelled
    }

    /// Money arrives.
    package mutating func take(_ amount: Int64, today: Day) throws(InvoiceProblem) {
        guard status.isOpen else { throw status == .paid ? .amountExceedsBalance : .invalidState }
        guard amount > 0, amount <= balance else { throw .amountExceedsBalance }
        paid += amount
        status = computed(today: today)
    }

    /// Money goes back: the only way out of paid.
    package mutating func giveBack(_ amount: Int64, today: Day) throws(InvoiceProblem) {
        guard status.isOpen || status == .paid, amount > 0, amount <= paid else { throw .invalidState }
        paid -= amount
        status = computed(today: today)
    }

    /// Lines or due day change, while it is a draft or nothing has been paid.
    package mutating func revise(total: Int64, dueOn: Day, today: Day) throws(InvoiceProblem) {
        guard status == .draft || status.isOpen, paid == 0 else { throw .invalidState }
        self.total = total
        self.dueOn = dueOn
        if status != .draft { status = computed(today: today) }
    }

    /// A day has passed.
    package mutating func refresh(today: Day) {
        if status.isOpen { status = computed(today: today) }
    }

    private func computed(today: Day) -> InvoiceStatus {
        if paid == total { return .paid }
        if dueOn < today { return .overdue }
        return paid > 0 ? .partiallyPaid : .issued
    }
}
