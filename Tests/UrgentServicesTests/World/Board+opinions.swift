import JSON
import Postgres
import Service
import Support
import Testing

@testable import UrgentServices

/// Orders that have ended, and what is said of them.
extension Board {
    /// A customer with executors who have money to take his orders.
    func gather(_ users: Int...) async throws {
        for user in [Person.customer] + users { try await come(user) }
    }

    /// An order that has ended well, done by the first of those who took it.
    func completedOrder(by client: Int = Person.customer, takenBy executors: Int...) async throws -> String {
        let order = try await newOrder(by: client)
        for executor in executors { #expect(try await take(order, by: executor).status == 200) }
        #expect(try await post("/orders/\(order)/complete", as: client).status == 200)
        return order
    }

    func rate(_ order: String, _ rating: JSONValue, by client: Int? = Person.customer, _ more: [(String, JSONValue)] = []) async throws -> TestAnswer {
        let body = [("order_id", JSONValue.string(order)), ("rating", rating)] + more
        return try await post("/reviews/client", as: client, .object(body.map { (name: $0.0, value: $0.1) }))
    }

    func complain(of order: String, _ reason: String = "Не отвечал", by executor: Int?, _ more: [(String, JSONValue)] = []) async throws -> TestAnswer {
        let body = [("order_id", JSONValue.string(order)), ("complaint", .string(reason))] + more
        return try await post("/reviews/executor", as: executor, .object(body.map { (name: $0.0, value: $0.1) }))
    }

    func setRole(_ role: UrgentRole, of user: Int) async throws {
        try await come(user, with: 0)
        try await database.execute(Command("update urgent.users set role = \(role.rawValue) where id = \(user)"))
    }
}
