import Invoices
import JSON
import Values

/// An amount of an account: with the currency's decimals, or whole where the unit is no currency.
struct UnitAmount: JSONWritable, SchemaDescribed {
    let value: Int64
    let unit: String

    func write(to writer: inout JSONWriter) {
        if let currency = Currency(unit) { Amount(value, currency).write(to: &writer) } else { writer.write(value) }
    }

    static var schema: Schema { Schema(.number) }
}

extension AccountRow: WireOutput {
    static let shape = Shape<AccountRow>(
        output: "LedgerAccount",
        Field("id", { $0.id }),
        Field("owner", { PartyView($0.owner) }),
        Field("code", { $0.code }),
        Field("unit", { $0.unit }, doc: "An ISO 4217 code, or a unit of credit"),
        Field("isWallet", { $0.isWallet }),
        Field("floor", { row in row.floor.map { UnitAmount(value: $0, unit: row.unit) } }),
        Field("balance", { UnitAmount(value: $0.balance, unit: $0.unit) }, doc: "What the owner has coming to him"),
        Field("createdAt", { $0.createdAt }))
}

/// An entry with the unit of its account.
struct EntryView: WireOutput {
    let entry: EntryRow
    let unit: String

    static let shape = Shape<EntryView>(
        output: "LedgerEntry",
        Field("id", { $0.entry.id }),
        Field("transactionId", { $0.entry.transactionID }),
        Field("amount", { UnitAmount(value: $0.entry.amount, unit: $0.unit) }),
        Field("balanceAfter", { UnitAmount(value: $0.entry.balanceAfter, unit: $0.unit) }),
        Field("unit", { $0.unit }),
        Field("kind", { $0.entry.kind }),
        Field("product", { $0.entry.product }),
        Field("object", { $0.entry.object.map(PartyView.init) }),
        Field("description", { $0.entry.description }),
        Field("at", { $0.entry.at }))
}

/// What became of a payee's money in a time, and where he stands now. Over all time the two meet: received − refunded −
/// commissions + commissionsReturned = available + paidOut + deducted + collected − commissionDue + refundsDue.
struct LedgerBalance: WireOutput {
    let row: BalanceRow
    let currency: Currency

    static let shape = Shape<LedgerBalance>(
        output: "LedgerBalance",
        Field("received", { Amount($0.row.received, $0.currency) }, doc: "Through providers and by hand"),
        Field("refunded", { Amount($0.row.refunded, $0.currency) }, doc: "Of any payment, within the time"),
        Field("commissions", { Amount($0.row.commissions, $0.currency) }, doc: "Of what was received"),
        Field(
            "commissionsReturned", { Amount($0.row.commissionsReturned, $0.currency) },
            doc: "What of commissions went back with what was refunded"),
        Field("paidOut", { Amount($0.row.paidOut, $0.currency) }),
        Field("deducted", { Amount($0.row.deducted, $0.currency) }, doc: "What staff have taken off payouts"),
        Field("payable", { Amount($0.row.payable, $0.currency) }, doc: "What the platform owes now"),
        Field("commissionDue", { Amount(-$0.row.commissionDue, $0.currency) }, doc: "What the owner owes the platform now"),
        Field("available", { Amount($0.row.payable, $0.currency) }, doc: "What can be paid out now"),
        Field(
            "collected", { Amount($0.row.collected, $0.currency) },
            doc: "Of what was received, taken by hand and not given back: the owner has it"),
        Field(
            "refundsDue", { Amount($0.row.refundsDue, $0.currency) },
            doc: "Of what was received, unused and not yet back with its payers"),
        Field("currency", { $0.currency }))
}
