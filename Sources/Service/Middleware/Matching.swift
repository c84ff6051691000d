/// `If-Match` on changes of an object that has a GET of its own, its deletion too (conventions, section 2): what was
/// decided on an old copy is refused. `If-None-Match` is held against the same (RFC 9110, 13.1.2).
///
/// What the field is held against is what GET's own code answers this caller. The door asks for it once it holds the lock
/// of the object (`Caller.checkMatch`), so that nobody changes the object in between. The answer of a door that never
/// asked is withheld, whether the field was sent or not: so every test of the operation finds it.
///
/// An answer that is what GET gives this caller by then carries its entity tag, so that he goes on from there. One that is
/// not (another shape, or somebody else has changed the object since) carries none.
struct Matching: Middleware {
    struct Unasked: Error, CustomStringConvertible {
        let operation: String
        var description: String { "\(operation) answered without asking whether If-Match holds" }
    }

    func around(_ operation: Operation, _ next: @escaping Operation.Run) -> Operation.Run {
        guard let reading = operation.reading else { return next }
        return { call in
            if call.exchange.hasField("if-match") || call.exchange.hasField("if-none-match") {
                // The call holds its caller, and so is not held by him.
                call.caller.expect { [unowned call] in try await call.checkMatch(reading) }
            }
            let answer = try await next(call)
            if !call.caller.isMatchAsked { throw Unasked(operation: operation.id) }
            if answer.status == 200, await call.isRepresentation(answer, of: reading) { call.setTag(of: answer) }
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
            guard [.patch, .put, .delete].contains(operation.method), operation.dialect == nil else { return operation }
            return operation.with { $0.reading = reads[operation.path] }
        }
    }
}
