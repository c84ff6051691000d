import Crypto
import Service
import Values

/// An account by what it is: whose, what for, and in which unit. The id is derived from these, so that posting needs no
/// look-up and two processes that open an account at once mean the same one.
package struct LedgerAccount: Hashable, Sendable {
    package let owner: Scope
    /// `payable`, `clearing.sandbox`, `commission`, `wallet`.
    package let code: String
    /// An ISO 4217 code, or a unit of credit.
    package let unit: String
    /// Shown to its owner as a wallet.
    package let isWallet: Bool
    /// The balance never goes below, whatever races; nil for accounts that may.
    package let floor: Int64?

    package init(owner: Scope, code: String, unit: String, isWallet: Bool = false, floor: Int64? = nil) {
        self.owner = owner
        self.code = code
        self.unit = unit
        self.isWallet = isWallet
        self.floor = floor
    }

    /// RFC 9562, 5.8: version 8, from the SHA-256 of the key.
    package var id: UUID {
        let key = "\(owner.type)\u{1f}\(owner.id?.description ?? "")\u{1f}\(code)\u{1f}\(unit)"
        let digest = SHA256.digest(of: key)
        func word(_ start: Int) -> UInt64 { digest[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        let high = word(0) & ~0xf000 | 0x8000
        let low = word(8) & ~(0b11 << 62) | 0b10 << 62
        return UUID(hi: high, lo: low)
    }
}

extension LedgerAccount {
    /// Money that a provider holds for the platform; goes below zero as it comes in.
    static func clearing(_ provider: String, _ currency: Currency) -> LedgerAccount {
        LedgerAccount(owner: .platform, code: "clearing.\(provider)", unit: currency.code)
    }

    /// What the platform owes a payee; what is its own is its revenue.
    package static func payable(_ payee: Scope, _ currency: Currency) -> LedgerAccount {
        LedgerAccount(owner: payee, code: payee == .platform ? "revenue" : "payable", unit: currency.code)
    }

    /// What the platform has earned by commission.
    static func commission(_ currency: Currency) -> LedgerAccount {
        LedgerAccount(owner: .platform, code: "commission", unit: currency.code)
    }

    /// Commission that a payee owes on money he took himself; below zero until it is invoiced and paid.
    static func commissionDue(_ payee: Scope, _ currency: Currency) -> LedgerAccount {
        LedgerAccount(owner: payee, code: "commission_due", unit: currency.code)
    }

    /// What providers charged for their service.
    static func fees(_ currency: Currency) -> LedgerAccount {
        LedgerAccount(owner: .platform, code: "fees", unit: currency.code)
    }

    /// Money that belongs back to payers.
    static func refundsDue(_ currency: Currency) -> LedgerAccount {
        LedgerAccount(owner: .platform, code: "refunds_due", unit: currency.code)
    }

    /// Money a payee took by hand, and its counterpart: both are his, so that what was collected can be read.
    static func collected(_ payee: Scope, _ currency: Currency) -> LedgerAccount {
        LedgerAccount(owner: payee, code: "collected", unit: currency.code)
    }

    static func atHand(_ payee: Scope, _ currency: Currency) -> LedgerAccount {
        LedgerAccount(owner: payee, code: "at_hand", unit: currency.code)
    }
}
