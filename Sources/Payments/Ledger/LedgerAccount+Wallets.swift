import Service
import Values

extension LedgerAccount {
    /// Money or credit that its owner may spend; never below zero, whatever races.
    package static func wallet(_ owner: Scope, _ unit: String) -> LedgerAccount {
        LedgerAccount(owner: owner, code: "wallet", unit: unit, isWallet: true, floor: 0)
    }

    package static func wallet(_ owner: Scope, _ currency: Currency) -> LedgerAccount { wallet(owner, currency.code) }

    /// What of a wallet is set aside until it is taken or let go.
    static func held(_ wallet: LedgerAccount) -> LedgerAccount {
        LedgerAccount(owner: wallet.owner, code: "held", unit: wallet.unit, floor: 0)
    }

    /// What of a wallet of credits has been used up.
    static func used(_ wallet: LedgerAccount) -> LedgerAccount {
        LedgerAccount(owner: wallet.owner, code: "used", unit: wallet.unit, floor: 0)
    }

    /// Where staff's corrections of wallets come from and go to.
    static func adjustments(_ unit: String) -> LedgerAccount {
        LedgerAccount(owner: .platform, code: "adjustments", unit: unit)
    }
}
