import Runtime

/// A connection of bytes to another service, in clear or under TLS. Confined to its loop; `StreamClient` opens and closes it.
package final class OutgoingStream: @unchecked Sendable {
    private let socket: ClientSocket
    private let host: String
    private let tls: ClientTLS
    private var received: [UInt8] = []
    private var hasSent = false

    private static let readSize = 4096

    init(_ socket: ClientSocket, host: String, tls: ClientTLS) {
        self.socket = socket
        self.host = host
        self.tls = tls
    }

    func close() { socket.shut() }

    /// Turns to TLS, and accepts only a certificate for the host. What the other side sent in clear ahead of that was put in
    /// by somebody on the way (CVE-2011-0411): the connection is given up. Throws `ClientError`.
    package func secure() async throws {
        guard received.isEmpty else { throw ClientError.securing("bytes in clear after the turn to TLS") }
        do { try await socket.secure(tls, host: host) } catch let error as ClientError { throw error.knowing(sent: hasSent) }
    }

    /// Returns when everything has been handed to the system. Throws `ClientError`.
    package func write(_ bytes: [UInt8]) async throws {
        var start = 0
        while start < bytes.count {
            switch bytes.withUnsafeBytes({ socket.write(UnsafeRawBufferPointer(rebasing: $0[start...])) }) {
            case .bytes(let count):
                start += count
                hasSent = true
            case .wouldBlock(let interest): try await wait(interest)
            case .failed, .end: throw ClientError.connectionLost(sent: hasSent)
            }
        }
    }

    /// The next line, without the CR LF that ends it. Throws `ClientError`: `responseTooLarge` for a longer one.
    package func readLine(atMost limit: Int) async throws -> [UInt8] {
        while true {
            if let feed = received.firstIndex(of: UInt8(ascii: "\n")) {
                let end = feed > 0 && received[feed - 1] == UInt8(ascii: "\r") ? feed - 1 : feed
                let line = Array(received[..<end])
                received.removeFirst(feed + 1)
                return line
            }
            guard received.count <= limit else { throw ClientError.responseTooLarge }
            try await readMore()
        }
    }

    private func readMore() async throws {
        let attempt = withUnsafeTemporaryAllocation(byteCount: Self.readSize, alignment: 16) { space in
            let attempt = socket.read(into: space)
            if case .bytes(let count) = attempt { received += space[..<count] }
            return attempt
        }
        switch attempt {
        case .bytes: return
        case .wouldBlock(let interest): try await wait(interest)
        case .end, .failed: throw ClientError.connectionLost(sent: hasSent)
        }
    }

    private func wait(_ interest: Interest) async throws {
        do { _ = try await socket.ready(interest) } catch let error as ClientError { throw error.knowing(sent: hasSent) }
    }
}
