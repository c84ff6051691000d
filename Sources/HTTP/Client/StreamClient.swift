import Runtime

/// Opens connections of bytes to other services, for protocols that are not HTTP: names looked up, certificates checked, all
/// of it within a time.
package final class StreamClient: Sendable {
    private let resolver: Resolver
    private let tls: ClientTLS
    private let connectTimeout: Duration

    package init(resolver: Resolver, tls: ClientTLS, connectTimeout: Duration = .seconds(10)) {
        self.resolver = resolver
        self.connectTimeout = connectTimeout
        self.tls = tls
    }

    /// Connects, lets `body` speak and closes. Called from a task of a loop; all of it stays on that loop. Throws
    /// `ClientError`, or what `body` throws.
    ///
    /// - Parameters:
    ///   - isSecure: TLS from the first byte; otherwise `body` may turn to it by `secure`.
    ///   - timeout: for everything together.
    package func converse<T: Sendable>(
        with host: String, port: UInt16, isSecure: Bool, timeout: Duration,
        _ body: nonisolated(nonsending) (OutgoingStream) async throws -> T
    ) async throws -> T {
        guard let loop = EventLoop.current else { preconditionFailure("a stream lives on an event loop") }
        let watch = Watch()
        let timer = loop.timer(after: timeout) { watch.fail(.timeout(sent: false)) }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            let stream = try await open(host, port, isSecure, watch, loop)
            defer { stream.close() }
            return try await body(stream)
        } onCancel: {
            loop.execute { watch.fail(.cancelled(sent: false)) }
        }
    }

    private func open(
        _ host: String, _ port: UInt16, _ isSecure: Bool, _ watch: Watch, _ loop: EventLoop
    ) async throws -> OutgoingStream {
        let addresses = try await watch.resolve(host, port: port, by: resolver, on: loop)
        let socket = try await ClientSocket.connect(to: addresses, patience: connectTimeout, loop: loop) { socket in
            watch.begin { socket.fail($0) }
        }
        let stream = OutgoingStream(socket, host: host, tls: tls)
        do {
            if isSecure { try await stream.secure() }
        } catch {
            stream.close()
            throw error
        }
        return stream
    }
}
