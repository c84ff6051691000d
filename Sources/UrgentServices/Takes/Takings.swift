import Payments
import Service
import Values

/// The platform's accounts that takes are paid to. They are many, an order's by its name, so that takes of different orders do
/// not wait for one row.
struct Takings: Sendable {
    static let count = 256

    let accounts: [LedgerAccount]

    init() {
        accounts = (0..<Self.count).map {
            LedgerAccount(owner: .platform, code: "urgent.\($0 < 10 ? "0" : "")\($0)", unit: "RUB")
        }
    }

    func account(of order: OrderID) -> UUID {
        // FNV-1a; the same in every process and for good.
        let hash = order.text.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        return ids[Int(hash % UInt32(Self.count))]
    }

    private var ids: [UUID] { Self.ids }
    private static let ids = Takings().accounts.map(\.id)
}
