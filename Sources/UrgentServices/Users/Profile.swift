import JSON
import Postgres
import Service

/// What somebody sees of himself.
struct Profile: Row, WireOutput {
    let id: Int
    let firstName: String
    let lastName: String?
    let username: String?
    let completedOrders: Int
    let activeOrders: Int
    /// One decimal, half up; 0 for somebody whom nobody has rated.
    let rating: Double
    /// Whole roubles.
    let balance: Int
    let reviewsCount: Int
    let role: UrgentRole
    let isBlocked: Bool

    init(_ row: inout RowReader) throws {
        id = try row.next()
        firstName = try row.next()
        lastName = try row.next()
        username = try row.next()
        completedOrders = try row.next()
        activeOrders = try row.next()
        rating = try row.next()
        balance = try row.next()
        reviewsCount = try row.next()
        role = try row.next()
        isBlocked = try row.next()
    }

    static let shape = Shape<Self>(
        output: "UrgentProfile",
        Field("id", { $0.id }),
        Field("first_name", { $0.firstName }),
        Field("last_name", { $0.lastName }),
        Field("username", { $0.username }),
        Field("completed_orders", { $0.completedOrders }),
        Field("active_orders", { $0.activeOrders }),
        Field("rating", { $0.rating }, doc: "One decimal; 0 while nobody has rated"),
        Field("balance", { $0.balance }, doc: "Whole roubles"),
        Field("reviews_count", { $0.reviewsCount }),
        Field("role", { $0.role }),
        Field("is_blocked", { $0.isBlocked }))
}
