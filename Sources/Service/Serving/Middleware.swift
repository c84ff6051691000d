/// Something that stands around operations. The chain of an operation is composed once, at start, from the middleware
/// that has something to do for it.
package protocol Middleware: Sendable {
    /// The operation's way with this middleware around it, or `next` itself where there is nothing to do.
    func around(_ operation: Operation, _ next: @escaping Operation.Run) -> Operation.Run
}

extension Operation {
    /// - Parameter middleware: outermost first.
    func composed(_ middleware: [any Middleware]) -> Run {
        middleware.reversed().reduce(run) { next, outer in outer.around(self, next) }
    }
}
