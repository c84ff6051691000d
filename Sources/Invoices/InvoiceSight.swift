import Postgres
import Service
import Values

/// What of all invoices a caller may see in lists.
struct InvoiceSight {
    private enum Extent {
        case everything
        /// All but those of scopes where it is denied, and of these what he owes himself.
        case everythingBut(denied: [UUID], user: UUID)
        /// Scopes where he is staff, those below them where it is denied, and debtors for whom he reads and pays.
        case some(staff: [UUID], denied: [UUID], debtors: [UUID])
    }

    private let extent: Extent

    private init(_ extent: Extent) { self.extent = extent }

    static let everything = InvoiceSight(.everything)

    init(staff: [UUID], debtors: [UUID]) { extent = .some(staff: staff, denied: [], debtors: debtors) }

    /// A signed-in caller without any right sees what he owes himself. Refuses guests, and with the lock's problem whoever
    /// is staff of locked scopes alone; one that may owe something itself shows him what it owes, as debtors see it.
    init(of caller: Caller, among kinds: InvoiceKinds) throws {
        let user = try caller.user()
        let owing = [try caller.extent(of: .invoicesRead, locked: true), try caller.extent(of: .invoicesPay, locked: true)]
        let denied = kinds.scopeTypes.flatMap { owing[0].deniedIDs(of: $0) }
        if owing[0].isEverything {
            extent = denied.isEmpty ? .everything : .everythingBut(denied: denied, user: user)
            return
        }
        let debtors: [UUID] = kinds.debtorTypes.flatMap { type in owing.flatMap { $0.ids(of: type) } }
        // To whom there is something else to show, that says enough.
        let offices: Reach? =
            if debtors.isEmpty { try caller.extent(of: .invoicesRead) } else { try? caller.extent(of: .invoicesRead) }
        extent = .some(
            staff: kinds.scopeTypes.flatMap { offices?.ids(of: $0) ?? [] }, denied: denied, debtors: debtors + [user])
    }

    /// The office of an invoice is its scope or its issuer, never its debtor: a company's staff sees what the company
    /// owes as debtors do, without drafts.
    var condition: SQL {
        switch extent {
        case .everything:
            "true"
        case .everythingBut(let denied, let user):
            "(\(Self.outside(denied)) or (i.debtor_id = \(user) and i.status <> 'draft'))"
        case .some(let staff, _, let debtors) where staff.isEmpty:
            "i.debtor_id = any(\(debtors)) and i.status <> 'draft'"
        case .some(let staff, let denied, let debtors) where denied.isEmpty:
            """
            ((i.scope_id = any(\(staff)) and i.scope_id <> i.debtor_id) or i.issuer_id = any(\(staff))
             or (i.debtor_id = any(\(debtors)) and i.status <> 'draft'))
            """
        case .some(let staff, let denied, let debtors):
            """
            ((((i.scope_id = any(\(staff)) and i.scope_id <> i.debtor_id) or i.issuer_id = any(\(staff)))
              and \(Self.outside(denied)))
             or (i.debtor_id = any(\(debtors)) and i.status <> 'draft'))
            """
        }
    }

    private static func outside(_ denied: [UUID]) -> SQL {
        "(i.scope_id = any(\(denied)) or i.issuer_id = any(\(denied))) is not true"
    }
}

extension Permission {
    /// Staff: reads all invoices of a scope.
    package static let invoicesRead: Permission = "invoices:read"
    /// The debtor's own right: reads what he owes, without drafts, and pays it online.
    package static let invoicesPay: Permission = "invoices:pay"
    package static let invoicesCreate: Permission = "invoices:create"
    package static let invoicesUpdate: Permission = "invoices:update"
    package static let invoicesManage: Permission = "invoices:manage"
}
