import Payments
import Service
import Values

/// The platform's accounts that takes are paid to. They are many, an order's by its name, so that takes of different orders
/// seldom wait for one row; those that are paid in one transaction go to the first of their accounts that is free.
enum Takings {
    static let count = 1024

    static var accounts: [LedgerAccount] { (0..<count).map(account) }

    static func account(of order: OrderID) -> UUID {
        // FNV-1a; the same in every process and for good.
        let hash = order.text.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        return account(Int(hash % UInt32(count))).id
    }

    private static func account(_ number: Int) -> LedgerAccount {
        LedgerAccount(owner: .platform, code: "urgent.\(number < 10 ? "0" : "")\(number)", unit: "RUB")
    }
}
