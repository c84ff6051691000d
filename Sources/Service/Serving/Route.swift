/// An operation as it is served: in its place, with its chain of middleware, and with what was made of it at start.
///
/// A class, because a request holds one and an operation is a large value to copy.
final class Route: Sendable {
    /// Position among the application's operations.
    let index: Int
    let operation: Operation
    let run: Operation.Run
    /// The answer that is the same for everybody.
    let prepared: PreparedAnswer?

    init(_ index: Int, _ operation: Operation, _ middleware: [any Middleware]) {
        self.index = index
        self.operation = operation
        run = operation.composed(middleware)
        prepared = operation.immediate.map { PreparedAnswer($0(), of: operation) }
    }
}
