import Invoices
import JSON
import Postgres
import Service
import Values

/// A movement of money or credit.
struct TransactionRow: Row {
    let id: UUID
    let kind: String
    let product: String
    let object: Scope?
    let description: String
    let reverses: UUID?
    let createdBy: UUID?
    let at: Instant

    init(_ row: inout RowReader) throws {
        id = try row.next()
        kind = try row.next()
        product = try row.next()
        let type: String? = try row.next()
        let objectID: UUID? = try row.next()
        object = type.map { Scope(ScopeType($0), objectID) }
        description = try row.next()
        reverses = try row.next()
        createdBy = try row.next()
        at = try row.next()
    }
}

/// One side of a movement, with the account it moved.
struct PostingRow: Row {
    let id: Int
    let transactionID: UUID
    let accountID: UUID
    let owner: Scope
    let code: String
    let unit: String
    let amount: Int64
    let balanceAfter: Int64

    init(_ row: inout RowReader) throws {
        id = try row.next()
        transactionID = try row.next()
        accountID = try row.next()
        owner = Scope(ScopeType(try row.next()), try row.next())
        code = try row.next()
        unit = try row.next()
        amount = try row.next()
        balanceAfter = try row.next()
    }
}

/// A movement with all its sides: together zero in each unit. What made an amount what it is.
struct TransactionView: WireOutput {
    let row: TransactionRow
    let postings: [PostingRow]

    static let shape = Shape<TransactionView>(
        output: "LedgerTransaction",
        Field("id", { $0.row.id }),
        Field("kind", { $0.row.kind }),
        Field("product", { $0.row.product }),
        Field("object", { $0.row.object.map(PartyView.init) }, doc: "The payment, refund, payout … that it belongs to"),
        Field("description", { $0.row.description }),
        Field("reverses", { $0.row.reverses }, doc: "The transaction that this one ends"),
        Field("createdBy", { $0.row.createdBy }),
        Field("at", { $0.row.at }),
        Field("postings", { $0.postings }, doc: "Sum to zero in each unit"))
}

extension PostingRow: WireOutput {
    static let shape = Shape<PostingRow>(
        output: "LedgerPosting",
        Field("accountId", { $0.accountID }),
        Field("owner", { PartyView($0.owner) }),
        Field("code", { $0.code }),
        Field("unit", { $0.unit }),
        Field("amount", { UnitAmount(value: $0.amount, unit: $0.unit) }),
        Field("balanceAfter", { UnitAmount(value: $0.balanceAfter, unit: $0.unit) }))
}

/// The filters of movements.
struct TransactionFilter: Shaped {
    var kind: String?
    var ownerID: UUID?
    var objectID: UUID?
    var unit: String?
    var from: Day?
    var to: Day?
    var least: DecimalNumber?
    var most: DecimalNumber?

    static let shape = Shape<TransactionFilter>(
        "TransactionFilter", Self.init,
        Field("kind", { $0.kind }, .length(1...40), doc: "payment, refund, payout, hold …"),
        Field("ownerId", { $0.ownerID }, doc: "Whose accounts it moved"),
        Field("objectId", { $0.objectID }, doc: "The payment, refund or payout"),
        Field("unit", { $0.unit }, .length(1...20)),
        Field("from", { $0.from }, doc: "On or after, in UTC"),
        Field("to", { $0.to }, doc: "On or before, in UTC"),
        Field("minAmount", { $0.least }, .range(0...), doc: "Of any side, without its sign; needs unit"),
        Field("maxAmount", { $0.most }, .range(0...), doc: "Of any side, without its sign; needs unit"),
        check: { filter in
            (filter.least != nil || filter.most != nil) && filter.unit == nil
                ? [FieldError(field: "unit", code: "required", message: "Amounts need their unit.")] : []
        })

    /// An amount in the unit's smallest parts; what has too many decimals is compared as the next whole part.
    func parts(_ amount: DecimalNumber?) throws -> Int64? {
        guard let amount, let unit else { return nil }
        let parts = Currency(unit).map { amount.minorUnits(of: $0) } ?? amount.whole
        guard let parts else { throw InvalidInput(field: "minAmount", code: "range", message: "Not an amount of \(unit).") }
        return parts
    }
}
