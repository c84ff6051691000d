import JSON
import Postgres
import Service
import Values

/// What has moved balances, for staff (spec 3.6, row 53).
struct Movements: Sendable {
    let database: Database
    /// How many a list goes back, and counts.
    let reach: Int

    func page(_ condition: MovementCondition, _ slice: Slice) async throws -> (rows: [Movement], total: Int) {
        let rows = try await database.all(MovementQueries.page(condition, slice.within(reach)))
        return (rows, try await database.one(MovementQueries.count(condition, reach: reach)))
    }

    func of(order: OrderID) async throws -> [Movement] { try await database.all(MovementQueries.of(order: order)) }
}
