import Telemetry

/// Withholds the answer of an operation that is declared with a permission but whose code never asked for one.
struct DenyByDefault: Middleware {
    struct Undecided: Error, CustomStringConvertible {
        let operation: String
        var description: String { "\(operation) answered without asking for its permission" }
    }

    func around(_ operation: Operation, _ next: @escaping Operation.Run) -> Operation.Run {
        guard case .permission = operation.access else { return next }
        return { call in
            let answer = try await next(call)
            if !call.caller.isDecided { throw Undecided(operation: call.route.operation.id) }
            return answer
        }
    }
}
