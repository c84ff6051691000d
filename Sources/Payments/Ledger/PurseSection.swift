import JSON
import Postgres
import Service

/// What staff sees of somebody's money with the platform.
struct PurseSection: WireOutput {
    let wallets: [AccountRow]

    static let shape = Shape<PurseSection>(output: "PurseSection", Field("wallets", { $0.wallets }, doc: "A hundred at the most"))

    static func section(_ database: Database) -> DashboardSection {
        DashboardSection("payments", on: ["user"]) { scope in
            let page = PageRequest(limit: 100, sort: "owner")
            let wallets = try await database.all(LedgerQueries.wallets(of: [scope.id].compactMap(\.self), page))
            return JSONText(encoding: PurseSection(wallets: wallets))
        }
    }
}
