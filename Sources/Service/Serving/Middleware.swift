/// Something that stands around operations and may answer in their place. The chain of an operation is composed once, at
/// start, from the middleware that has something to do for it. What only refuses is a `Gate`.
package protocol Middleware: Sendable {
    /// The operation's way with this middleware around it, or `next` itself where there is nothing to do.
    func around(_ operation: Operation, _ next: @escaping Operation.Run) -> Operation.Run
}

extension Operation {
    /// - Parameter middleware: outermost first.
    func composed(_ middleware: [any Middleware]) -> Run {
        // Not by `reduce`: a closure handed through a type parameter is wrapped twice for each step, and each wrapping is an
        // asynchronous function of its own at each request.
        var chain = run
        for outer in middleware.reversed() { chain = outer.around(self, chain) }
        return chain
    }
}
