import Runtime

/// Requests to others: kept connections per host and loop, TLS with verified names, bounds on time and size. Redirects
/// are not followed.
package final class HTTPClient: Sendable {
    private let group: LoopGroup
    private let parts: [ClientLoop]

    /// - Parameter tls: shared with other clients; nil for its own, with the settings' authorities. Throws
    ///   `ClientError.securing` when these cannot be read.
    package init(
        loops: LoopGroup, resolver: Resolver, settings: ClientSettings = ClientSettings(), tls shared: ClientTLS? = nil
    ) throws {
        group = loops
        let tls = try shared ?? ClientTLS(authorities: settings.authorities, pool: resolver.pool)
        parts = loops.loops.map { ClientLoop(loop: $0, settings: settings, resolver: resolver, tls: tls) }
    }

    /// Sends a request and waits for the whole response, of any status. Throws `ClientError`, which says whether the
    /// request may have been sent. Called from a task of a loop, all of it stays on that loop.
    package func send(_ request: ClientRequest) async throws -> ClientResponse {
        if let here = EventLoop.current, here.index < parts.count, parts[here.index].loop === here {
            return try await parts[here.index].send(request)
        }
        let part = parts[group.next().index]
        // Cancellation of the caller reaches the task through its handle.
        let result = Handoff()
        let task = part.loop.spawn {
            do { result.deliver(.success(try await part.send(request))) } catch { result.deliver(.failure(error)) }
        }
        return try await withTaskCancellationHandler {
            try await result.value(after: task)
        } onCancel: {
            task.cancel()
        }
    }

    /// Sends a request, whose body may be read while it is sent, and lends the response to `body` while it comes. Called from a
    /// task of a loop; all of it stays on that loop. The request's time limit holds for each wait and not for the whole. Throws
    /// `ClientError`, or what `body` throws; what `body` leaves unread costs the connection.
    package func stream<T>(
        _ request: ClientRequest, _ body: nonisolated(nonsending) (IncomingResponse) async throws -> T
    ) async throws -> T {
        guard let here = EventLoop.current, here.index < parts.count, parts[here.index].loop === here else {
            preconditionFailure("a response is read on an event loop")
        }
        return try await parts[here.index].stream(request, body)
    }

    /// Connections open on all loops.
    package func openConnections() async -> Int {
        var sum = 0
        for part in parts { sum += await part.loop.ask { part.openConnections } }
        return sum
    }

    /// Closes the connections that rest, for a program that ends.
    package func close() {
        for part in parts { part.loop.execute { part.closeIdle() } }
    }

    /// Carries a result from the loop's task to a caller elsewhere; read only after the task has ended.
    private final class Handoff: @unchecked Sendable {
        private var result: Result<ClientResponse, any Error> = .failure(ClientError.connectionLost(sent: false))
        func deliver(_ result: Result<ClientResponse, any Error>) { self.result = result }
        func value(after task: Task<Void, Never>) async throws -> ClientResponse {
            await task.value
            return try result.get()
        }
    }
}

extension EventLoop {
    /// Runs `body` on the loop and brings its value back.
    func ask<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
        await withUnsafeContinuation { continuation in execute { continuation.resume(returning: body()) } }
    }
}
