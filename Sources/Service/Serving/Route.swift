/// An operation as it is served: in its place, with its gates and its chain of middleware, and with what was made of it at
/// start.
///
/// A class, because a request holds one and an operation is a large value to copy.
final class Route: Sendable {
    /// Position among the application's operations.
    let index: Int
    let operation: Operation
    /// Whether its code has to ask for a permission.
    let needsDecision: Bool
    private let authentication: Authentication
    private let demand: Authentication.Demand?
    private let checks: [Gate.Check]
    private let inner: Operation.Run
    /// The answer that is the same for everybody.
    let prepared: PreparedAnswer?

    init(
        _ index: Int, _ operation: Operation, _ authentication: Authentication, _ gates: [any Gate],
        _ middleware: [any Middleware]
    ) {
        self.index = index
        self.operation = operation
        needsDecision = if case .permission = operation.access { true } else { false }
        self.authentication = authentication
        demand = authentication.demand(of: operation)
        checks = gates.compactMap { $0.check(for: operation) }
        inner = operation.composed(middleware)
        prepared = operation.immediate.map { PreparedAnswer($0(), of: operation) }
    }

    /// What a call is answered: who calls, what the gates say, and then the operation.
    nonisolated(nonsending) func run(_ call: Call) async throws -> Answer {
        if let demand, try !authentication.identify(call, demand) { try await authentication.lookUp(call, demand) }
        for check in checks { try check(call) }
        let answer = try await inner(call)
        try call.withholdUndecided(answer)
        return answer
    }
}
