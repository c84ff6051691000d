import Runtime

/// Ends whatever a request is waiting for when its time is over or its task is cancelled. Confined to one loop.
final class Watch: @unchecked Sendable {
    private var interrupt: ((ClientError) -> Void)?
    private var failure: ClientError?

    /// From here on a failure calls `interrupt`; at once if there has been one.
    func begin(_ interrupt: @escaping (ClientError) -> Void) {
        if let failure { return interrupt(failure) }
        self.interrupt = interrupt
    }

    func end() { interrupt = nil }

    func fail(_ error: ClientError) {
        if failure != nil { return }
        failure = error
        interrupt?(error)
    }

    /// A look-up cannot be called back, but nobody has to wait for it.
    func resolve(_ host: String, port: UInt16, by resolver: Resolver, on loop: EventLoop) async throws -> [SocketAddress] {
        let waiter = Waiter<[SocketAddress]>()
        begin { waiter.resume(throwing: $0) }
        loop.spawn {
            do {
                waiter.resume(returning: try await resolver.resolve(host, port: port))
            } catch {
                waiter.resume(throwing: ClientError.resolving("\(error)"))
            }
        }
        return try await waiter.value()
    }

    /// A limit on each single wait of many.
    struct Patience {
        let watch: Watch
        let loop: EventLoop
        let limit: Duration

        func during<T>(_ body: nonisolated(nonsending) () async throws -> T) async throws -> T {
            let timer = loop.timer(after: limit) { [watch] in watch.fail(.timeout(sent: false)) }
            defer { timer.cancel() }
            return try await body()
        }
    }
}
