/// `If-Match` on changes of an object that has a GET of its own (conventions, section 2): a change that was made on an old
/// copy is refused.
///
/// What the field is held against is what GET's own code answers this caller. The door asks for it once it holds the lock
/// of the object (`Caller.checkMatch`), so that nobody changes the object in between. The answer of a door that never
/// asked is withheld.
struct Matching: Middleware {
    struct Unasked: Error, CustomStringConvertible {
        let operation: String
        var description: String { "\(operation) answered without holding If-Match against the object" }
    }

    func around(_ operation: Operation, _ next: @escaping Operation.Run) -> Operation.Run {
        guard let reading = operation.reading else { return next }
        return { call in
            guard call.exchange.hasField("if-match") else { return try await next(call) }
            // The call holds its caller, and so is not held by him.
            call.caller.expect { [unowned call] in try await call.checkMatch(reading) }
            let answer = try await next(call)
            if !call.caller.isMatched { throw Unasked(operation: operation.id) }
            return answer
        }
    }
}

extension Operation {
    /// The operations, of which those that change an object know how GET answers it.
    static func matched(_ operations: [Operation]) -> [Operation] {
        let reads = Dictionary(
            uniqueKeysWithValues: operations.filter { $0.method == .get }.map { ($0.path, $0.run) })
        return operations.map { operation in
            guard operation.method == .patch || operation.method == .put else { return operation }
            return operation.with { $0.reading = reads[operation.path] }
        }
    }
}
