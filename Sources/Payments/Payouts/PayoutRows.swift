import Postgres
import Service
import Values

/// A payout about to be formed.
struct NewPayout: Sendable {
    let id = ID<Payout>.new()
    let key = UUID.v7()
    let payee: Scope
    let currency: Currency
    /// What was earned later stays.
    let until: Instant
    /// In minor units.
    let minimum: Int64
    let dueOn: Day
    let notes: String?
}

/// Staff let a payout go.
struct PayoutProcessing: Sendable {
    let method: PayoutMethod?
    let transfer: String
    let user: UUID?
    let notes: String?
    let key: UUID
}

/// To whom the book owes something.
struct OwedPayee: Row {
    let account: UUID
    let payee: Scope
    let unit: String
    let balance: Int64

    init(_ row: inout RowReader) throws {
        account = try row.next()
        payee = Scope(ScopeType(try row.next()), try row.next())
        unit = try row.next()
        balance = try row.next()
    }
}

/// A payment or refund within a payout.
struct PayoutItem: Row {
    let object: Scope
    let amount: Int64
    let commission: Int64
    let net: Int64
    let releasedAt: Instant?

    init(_ row: inout RowReader) throws {
        object = Scope(ScopeType(try row.next()), try row.next() as UUID)
        amount = try row.next()
        commission = try row.next()
        net = try row.next()
        releasedAt = try row.next()
    }
}

/// Which payouts a list is about.
struct PayoutSelection {
    /// Whose; nil for everybody's.
    let payees: [UUID]?
    let denied: [UUID]
    let filter: PayoutFilter

    init(payees: [UUID]?, denied: [UUID], filter: PayoutFilter) {
        self.payees = payees
        self.denied = denied
        self.filter = filter
    }

    init(_ filter: PayoutFilter, for caller: Caller, among types: Set<ScopeType>) throws {
        let reach = try caller.reach(.financialRead)
        payees = reach.isEverything ? nil : types.flatMap { reach.ids(of: $0) }
        denied = types.flatMap { reach.deniedIDs(of: $0) }
        self.filter = filter
    }

    /// The where clause over `payments.payouts o`.
    var condition: SQL {
        var condition: SQL = "true"
        if let payees { condition = "\(condition) and o.payee_id = any(\(payees))" }
        if !denied.isEmpty { condition = "\(condition) and not o.payee_id = any(\(denied))" }
        if let payee = filter.payeeID { condition = "\(condition) and o.payee_id = \(payee)" }
        if let status = filter.status { condition = "\(condition) and o.status = \(status)" }
        if let currency = filter.currency { condition = "\(condition) and o.currency = \(currency)" }
        if let from = filter.from { condition = "\(condition) and o.created_at >= \(Instant(from))" }
        if let to = filter.to { condition = "\(condition) and o.created_at < \(Instant(to.adding(days: 1)))" }
        return condition
    }
}
