/// Something that is asked of a call before its operation runs, and answered at once: most requests pass several, and an
/// asynchronous function around the operation would cost each of them a frame and a hop.
protocol Gate: Sendable {
    typealias Check = @Sendable (Call) throws -> Void

    /// What is asked of the operation's calls; it throws the refusal. Nil where there is nothing to ask.
    func check(for operation: Operation) -> Check?
}
