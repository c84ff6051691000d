import Postgres
import Service
import Values

/// Which payments a list is about: what the caller may see, narrowed by what he asks for.
struct PaymentSelection {
    let sight: PaymentSight
    let filter: PaymentFilter

    /// The where clause over `payments.payments p`; only the conditions in use are written.
    var condition: SQL {
        var condition = sight.condition
        if let scope = filter.scopeID {
            condition = "\(condition) and (p.scope_id = \(scope) or p.payee_id = \(scope))"
        }
        if let product = filter.product { condition = "\(condition) and p.product = \(product)" }
        if let purpose = filter.purpose { condition = "\(condition) and p.purpose = \(purpose)" }
        if let object = filter.purposeID { condition = "\(condition) and p.purpose_id = \(object)" }
        if let status = filter.status { condition = "\(condition) and p.status = \(status)" }
        if let method = filter.method { condition = "\(condition) and p.method = \(method)" }
        if let provider = filter.provider { condition = "\(condition) and p.provider = \(provider)" }
        if let payer = filter.payerID { condition = "\(condition) and p.payer_id = \(payer)" }
        if let from = filter.from { condition = "\(condition) and p.created_at >= \(Instant(from))" }
        if let to = filter.to { condition = "\(condition) and p.created_at < \(Instant(to.adding(days: 1)))" }
        if let text = filter.q {
            condition = "\(condition) and (p.reference = upper(\(text)::text)::bpchar or p.receipt_number = upper(\(text)::text))"
        }
        return condition
    }
}

/// Which refunds a list is about: those of payments that the caller may see.
struct RefundSelection {
    let sight: PaymentSight
    let filter: RefundFilter

    /// The where clause over `payments.refunds r` joined with `payments.payments p`.
    var condition: SQL {
        var condition = sight.condition
        if let status = filter.status { condition = "\(condition) and r.status = \(status)" }
        if let payment = filter.paymentID { condition = "\(condition) and r.payment_id = \(payment)" }
        if let scope = filter.scopeID {
            condition = "\(condition) and (p.scope_id = \(scope) or p.payee_id = \(scope))"
        }
        return condition
    }
}

/// What of all payments a caller may see: his own, and as staff those of his scopes.
struct PaymentSight {
    private let staff: [UUID]
    private let payer: UUID
    private let isEverything: Bool
    /// Scopes below where it is denied.
    private let denied: [UUID]

    init(staff: [UUID], payer: UUID, isEverything: Bool, denied: [UUID] = []) {
        self.staff = staff
        self.payer = payer
        self.isEverything = isEverything
        self.denied = denied
    }

    /// Refuses guests, and with the lock's problem whoever is staff of locked scopes alone; one who pays for something,
    /// too, is shown his own payments instead.
    init(of caller: Caller, among types: Set<ScopeType>) throws {
        let user = try caller.user()
        let isPayer = try !caller.extent(of: .invoicesPay, locked: true).isEmpty
        // To whom there is something else to show, that says enough.
        let reach: Reach? =
            if isPayer { try? caller.extent(of: .paymentsRead) } else { try caller.extent(of: .paymentsRead) }
        self.init(
            staff: types.flatMap { reach?.ids(of: $0) ?? [] }, payer: user, isEverything: reach?.isEverything == true,
            denied: types.flatMap { reach?.deniedIDs(of: $0) ?? [] })
    }

    /// Nobody else's: only what he pays himself changes what he sees.
    var isOwnAlone: Bool { !isEverything && staff.isEmpty }

    /// Indexes `payments_payer`, `payments_scope`, `payments_payee`.
    var condition: SQL {
        if isEverything { return denied.isEmpty ? "true" : "(p.payer_id = \(payer) or \(isOutsideDenied))" }
        if staff.isEmpty { return "p.payer_id = \(payer)" }
        let office: SQL = "p.scope_id = any(\(staff)) or p.payee_id = any(\(staff))"
        if denied.isEmpty { return "(p.payer_id = \(payer) or \(office))" }
        return "(p.payer_id = \(payer) or ((\(office)) and \(isOutsideDenied)))"
    }

    private var isOutsideDenied: SQL {
        "(p.scope_id = any(\(denied)) or p.payee_id = any(\(denied))) is not true"
    }
}

extension Permission {
    package static let paymentsRead: Permission = "payments:read"
    package static let paymentsManage: Permission = "payments:manage"
    /// Records money taken by hand, and nothing more; `payments:manage` does so too.
    package static let paymentsRecord: Permission = "payments:record"
    package static let financialRead: Permission = "financial:read"
    package static let financialManage: Permission = "financial:manage"
}
