import Crypto
import JSON
import Postgres
import Service
import Values

/// Where a payee's money goes. Its number is kept sealed and shown by its last four characters only.
package struct PayoutAccount: Sendable {
    package let holder: String
    package let bank: String
    package let details: PayoutDetails
}

/// What a bank needs to know.
package struct PayoutDetails: Shaped, Equatable {
    package let number: String
    package let routing: String?

    package static let shape = Shape<PayoutDetails>(
        "PayoutDetails", Self.init,
        Field("number", { $0.number }, .length(4...34)),
        Field("routing", { $0.routing }, .length(1...34)))
}

/// As it is stored.
struct PayoutAccountRow: Row {
    let payee: Scope
    let holder: String
    let bank: String
    let sealed: [UInt8]
    let last4: String
    let updatedAt: Instant

    init(_ row: inout RowReader) throws {
        payee = Scope(ScopeType(try row.next()), try row.next() as UUID)
        holder = try row.next()
        bank = try row.next()
        sealed = try row.next()
        last4 = try row.next()
        updatedAt = try row.next()
    }
}

extension PayoutAccountRow: WireOutput {
    static let shape = Shape<PayoutAccountRow>(
        output: "PayoutAccount",
        Field("payeeType", { $0.payee.type.name }),
        Field("payeeId", { $0.payee.id }),
        Field("holder", { $0.holder }),
        Field("bank", { $0.bank }),
        Field("number", { "••••\($0.last4)" }, doc: "Its last four characters"),
        Field("updatedAt", { $0.updatedAt }))
}

/// A payee says where his money goes.
struct PayoutAccountBody: Shaped {
    let payeeType: String
    let payeeID: UUID
    let holder: String
    let bank: String
    let number: String
    let routing: String?

    static let shape = Shape<PayoutAccountBody>(
        "NewPayoutAccount", Self.init,
        Field("payeeType", { $0.payeeType }, .length(1...40), .example("company")),
        Field("payeeId", { $0.payeeID }),
        Field("holder", { $0.holder }, .length(1...150)),
        Field("bank", { $0.bank }, .length(1...150)),
        Field("number", { $0.number }, .length(4...34), .example("DE89370400440532013000"), doc: "IBAN, or the number of an account or card"),
        Field("routing", { $0.routing }, .length(1...34), doc: "BIC, IFSC or what else the bank needs"))

    var details: PayoutDetails { PayoutDetails(number: number.filter { $0 != " " }, routing: routing) }
}

struct PayoutAccountQuery: Shaped {
    let payeeType: String
    let payeeID: UUID

    static let shape = Shape<PayoutAccountQuery>(
        "PayoutAccountQuery", Self.init,
        Field("payeeType", { $0.payeeType }, .length(1...40)), Field("payeeId", { $0.payeeID }))
}

/// Seals what is secret of accounts, bound to its payee.
struct PayoutVault: Sendable {
    let ring: SealingRing

    func seal(_ details: PayoutDetails, of payee: Scope) -> [UInt8] {
        ring.seal(details.jsonBytes, context: Self.context(payee)).bytes
    }

    func open(_ row: PayoutAccountRow) throws -> PayoutAccount {
        let bytes = try ring.open(Sealed(bytes: row.sealed), context: Self.context(row.payee))
        return PayoutAccount(holder: row.holder, bank: row.bank, details: try PayoutDetails.decode(json: bytes))
    }

    private static func context(_ payee: Scope) -> String {
        "payments.payout_accounts.details_enc\u{1f}\(payee.type)\u{1f}\(payee.id?.description ?? "")"
    }
}
