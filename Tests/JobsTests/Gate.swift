/// Holds tasks up until it is opened, or they are cancelled.
final class Gate: Sendable {
    private let stream: AsyncStream<Void>
    private let opener: AsyncStream<Void>.Continuation

    init() { (stream, opener) = AsyncStream.makeStream() }

    func open() { opener.finish() }

    func pass() async throws {
        for await _ in stream {}
        try Task.checkCancellation()
    }
}
