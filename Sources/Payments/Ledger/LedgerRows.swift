import Postgres
import Service
import Values

/// An account with its balance.
struct AccountRow: Row {
    let id: UUID
    let owner: Scope
    let code: String
    let unit: String
    let isWallet: Bool
    let floor: Int64?
    let balance: Int64
    let createdAt: Instant

    init(_ row: inout RowReader) throws {
        id = try row.next()
        owner = Scope(ScopeType(try row.next()), try row.next())
        code = try row.next()
        unit = try row.next()
        isWallet = try row.next()
        floor = try row.next()
        balance = try row.next()
        createdAt = try row.next()
    }
}

/// An entry of an account, with the movement it belongs to.
struct EntryRow: Row {
    let id: Int
    let transactionID: UUID
    let amount: Int64
    let balanceAfter: Int64
    let kind: String
    let product: String
    let object: Scope?
    let description: String
    let at: Instant

    init(_ row: inout RowReader) throws {
        id = try row.next()
        transactionID = try row.next()
        amount = try row.next()
        balanceAfter = try row.next()
        kind = try row.next()
        product = try row.next()
        let type: String? = try row.next()
        let objectID: UUID? = try row.next()
        object = type.map { Scope(ScopeType($0), objectID) }
        description = try row.next()
        at = try row.next()
    }
}

/// What the nightly look at the book found.
struct LedgerDifference: Row {
    let kind: String
    let id: UUID
    let difference: Int64

    init(_ row: inout RowReader) throws {
        kind = try row.next()
        id = try row.next()
        difference = try row.next()
    }
}

/// An owner's sums over a time, in minor units, and what stands now.
struct BalanceRow: Row {
    let received: Int64
    let refunded: Int64
    let commissions: Int64
    let paidOut: Int64
    let deducted: Int64
    let payable: Int64
    let commissionDue: Int64
    let commissionsReturned: Int64
    let collected: Int64
    let refundsDue: Int64

    init(_ row: inout RowReader) throws {
        received = try row.next()
        refunded = try row.next()
        commissions = try row.next()
        paidOut = try row.next()
        deducted = try row.next()
        payable = try row.next()
        commissionDue = try row.next()
        commissionsReturned = try row.next()
        collected = try row.next()
        refundsDue = try row.next()
    }
}
