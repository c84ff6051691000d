import JSON
import Values

/// An invoice written by hand. It is a draft until it is issued.
struct NewInvoiceBody: Shaped {
    let kind: String
    let debtorID: UUID
    let items: [NewItemBody]
    let period: Period?
    let dueOn: Day?
    let description: String?
    let notes: String?
    let issue: Bool

    static let shape = Shape<NewInvoiceBody>(
        "NewInvoice", Self.init,
        Field("kind", { $0.kind }, .length(1...30), doc: "A kind that may be written by hand: unit_manual"),
        Field("debtorId", { $0.debtorID }),
        Field("items", { $0.items }, .count(1...1000)),
        Field("period", { $0.period }, doc: "One live invoice per kind, debtor and period"),
        Field("dueOn", { $0.dueOn }, doc: "Else the kind's days after today"),
        Field("description", { $0.description }, .length(1...500)),
        Field("notes", { $0.notes }, .length(1...2000), .multiline),
        Field("issue", { $0.issue }, default: { false }, doc: "Number it and make it due at once"))
}

/// A line of an invoice written by hand.
struct NewItemBody: Shaped {
    let description: String
    let quantity: Quantity
    let unitPrice: UnitPrice
    let taxRate: Percent?

    static let shape = Shape<NewItemBody>(
        "NewInvoiceItem", Self.init,
        Field("description", { $0.description }, .length(1...500)),
        Field("quantity", { $0.quantity }, .above(0), .range(...1_000_000)),
        Field("unitPrice", { $0.unitPrice }, .range(0...99_999_999)),
        Field("taxRate", { $0.taxRate }, .range(0...100)))

    var item: NewInvoiceItem {
        NewInvoiceItem(description: description, quantity: quantity, unitPrice: unitPrice, taxRate: taxRate)
    }
}

/// What may change: everything but kind and debtor on a draft, due day, notes and lines while nothing is paid, then only
/// notes. The lines of generated invoices never change.
struct ChangedInvoiceBody: Shaped {
    let dueOn: Patch<Day>
    let description: Patch<String?>
    let notes: Patch<String?>
    let items: Patch<[NewItemBody]>

    static let shape = Shape<ChangedInvoiceBody>(
        "ChangedInvoice", Self.init,
        Field("dueOn", { $0.dueOn }),
        Field("description", { $0.description }, .length(1...500)),
        Field("notes", { $0.notes }, .length(1...2000), .multiline),
        Field("items", { $0.items }, .count(1...1000), doc: "Not of an invoice that was generated"))

    /// Touches what only an unpaid invoice may change.
    var isOfSubstance: Bool { dueOn.isPresent || items.isPresent || description.isPresent }
}

struct CancelledInvoiceBody: Shaped {
    let reason: String

    static let shape = Shape<CancelledInvoiceBody>(
        "CancelledInvoice", Self.init, Field("reason", { $0.reason }, .length(1...500), .multiline))
}

/// What is to be generated. `condoId` and `unitIds` are the words of Condominiums for scope and debtors.
struct GeneratedInvoicesBody: Shaped {
    let kind: String?
    let scopeID: UUID?
    let condoID: UUID?
    let period: Period?
    let debtorIDs: [UUID]?
    let unitIDs: [UUID]?
    let dryRun: Bool

    static let shape = Shape<GeneratedInvoicesBody>(
        "GeneratedInvoices", Self.init,
        Field("kind", { $0.kind }, .length(1...30), doc: "May be left out while one kind is generated"),
        Field("scopeId", { $0.scopeID }),
        Field("condoId", { $0.condoID }, doc: "The same as scopeId"),
        Field("period", { $0.period }, doc: "Else the previous month"),
        Field("debtorIds", { $0.debtorIDs }, .count(1...1000)),
        Field("unitIds", { $0.unitIDs }, .count(1...1000), doc: "The same as debtorIds"),
        Field("dryRun", { $0.dryRun }, default: { false }),
        example: ["condoId"],
        check: { body in
            (body.scopeID == nil) == (body.condoID == nil)
                ? [FieldError(field: "condoId", code: "required", message: "Give condoId or scopeId.")] : []
        })

    var order: InvoiceGeneration? {
        guard let scope = scopeID ?? condoID else { return nil }
        return InvoiceGeneration(scope: scope, period: period, debtors: debtorIDs ?? unitIDs, isDryRun: dryRun)
    }
}

extension InvoiceFilter {
    /// All that were issued between two days.
    static func issued(from: Day, to: Day) -> InvoiceFilter {
        InvoiceFilter(
            kind: nil, status: nil, period: nil, overdue: nil, scopeID: nil, condoID: nil, debtorID: nil, unitID: nil,
            issuerID: nil, objectID: nil, from: from, to: to, q: nil)
    }
}

/// The filters of a list. `condoId` and `unitId` are the words of Condominiums for scope and debtor.
struct InvoiceFilter: Shaped {
    var kind: String?
    var status: InvoiceStatus?
    var period: Period?
    var overdue: Bool?
    var scopeID: UUID?
    var condoID: UUID?
    var debtorID: UUID?
    var unitID: UUID?
    var issuerID: UUID?
    var objectID: UUID?
    var from: Day?
    var to: Day?
    var q: String?

    static let shape = Shape<InvoiceFilter>(
        "InvoiceFilter", Self.init,
        Field("kind", { $0.kind }, .length(1...30)),
        Field("status", { $0.status }),
        Field("period", { $0.period }),
        Field("overdue", { $0.overdue }, doc: "Open, and past the due day in the issuer's zone"),
        Field("scopeId", { $0.scopeID }),
        Field("condoId", { $0.condoID }, doc: "The same as scopeId"),
        Field("debtorId", { $0.debtorID }),
        Field("unitId", { $0.unitID }, doc: "The same as debtorId"),
        Field("issuerId", { $0.issuerID }),
        Field("objectId", { $0.objectID }),
        Field("from", { $0.from }, doc: "Issued on or after"),
        Field("to", { $0.to }, doc: "Issued on or before"),
        Field("q", { $0.q }, .length(1...50), doc: "Part of a number"))
}
