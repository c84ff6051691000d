import Runtime

/// One connection to a host, through a proxy if so set, that carries one request after another. Confined to its loop.
final class ClientConnection: @unchecked Sendable {
    let socket: ClientSocket
    private var received = [UInt8]()
    private(set) var isReusable = true
    /// Requests answered on it.
    private(set) var served = 0
    /// Whether any byte of the request under way has left.
    private(set) var hasSent = false
    /// Whether any byte of its response has come.
    private(set) var hasReceived = false
    var idleSince: UInt64 = 0
    /// What is still to come of the response under way.
    private var rest = ResponseHead.Framing.none
    private var decoder = ChunkedDecoder()
    private var mayBeReused = false

    private static let readSize = 16 * 1024

    private init(_ socket: ClientSocket) { self.socket = socket }

    func close() { socket.shut() }

    // MARK: opening

    /// Connects to the first address that answers, through the proxy and under TLS as the URL needs it. `opened` gets each
    /// socket as soon as it exists.
    static func open(
        _ url: ClientURL, addresses: [SocketAddress], patience: Duration, proxy: ClientProxy?, tls: ClientTLS,
        loop: EventLoop, opened: (ClientSocket) -> Void
    ) async throws -> ClientConnection {
        let socket = try await ClientSocket.connect(to: addresses, patience: patience, loop: loop, opened: opened)
        let connection = ClientConnection(socket)
        do {
            if let proxy, url.isSecure { try await connection.tunnel(to: url, proxy) }
            if url.isSecure { try await socket.secure(tls, host: url.host) }
        } catch {
            socket.shut()
            throw error
        }
        return connection
    }

    /// CONNECT (RFC 9110 section 9.3.6).
    private func tunnel(to url: ClientURL, _ proxy: ClientProxy) async throws {
        var text = "CONNECT \(url.endpoint) HTTP/1.1\r\nHost: \(url.endpoint)\r\n"
        if let credentials = proxy.authorization { text += "Proxy-Authorization: \(credentials)\r\n" }
        _ = try await write(Array((text + "\r\n").utf8))
        // A 2xx to CONNECT has no body, whatever its fields say; another status ends the attempt anyway.
        let head = try await readHead(toHead: true)
        guard (200..<300).contains(head.status), received.isEmpty else { throw ClientError.proxy(head.status) }
        hasSent = false
        hasReceived = false
    }

    // MARK: a request

    func exchange(_ bytes: [UInt8], toHead: Bool, largest: Int) async throws -> ClientResponse {
        do {
            let head = try await begin(bytes, toHead: toHead)
            let body = try await readBody(head.framing, largest)
            rest = .none
            end()
            return ClientResponse(status: head.status, fields: head.fields.map { ($0.name, $0.value) }, body: body)
        } catch let error as ClientError {
            throw error.knowing(sent: hasSent)
        }
    }

    /// Sends a request and reads the head of its response; `nextPiece` reads the body and `end` says that it was read.
    ///
    /// - Parameter wait: limits each wait of a body that is read while it is sent.
    func begin(
        _ bytes: [UInt8], _ source: ClientBody? = nil, _ wait: Watch.Patience? = nil, toHead: Bool
    ) async throws -> ResponseHead {
        hasSent = false
        hasReceived = false
        isReusable = false
        var wasWhole = try await write(bytes)
        if let source, let wait { wasWhole = try await write(source, wait, wasWhole) }
        var head = try await readHead(toHead: toHead)
        // "A client MUST be able to parse one or more 1xx responses received prior to a final response" (section 15.2).
        while head.status < 200 {
            if head.status == 101 { throw ClientError.malformedResponse }
            head = try await readHead(toHead: toHead)
        }
        mayBeReused = head.keepsAlive && wasWhole
        rest = head.framing
        decoder = ChunkedDecoder()
        return head
    }

    /// Nothing more is read of the response: the connection may be used again if that was all of it.
    func end() {
        served += 1
        isReusable = mayBeReused && rest == .none && received.isEmpty
    }

    /// Bytes of the body that have come; nil at its end.
    func nextPiece() async throws -> [UInt8]? {
        while true {
            switch rest {
            case .none: return nil
            case .length(0): rest = .none
            case .length(let count):
                if received.isEmpty, try await !readMore() { throw ClientError.connectionLost(sent: true) }
                let piece = takeReceived(atMost: count)
                rest = .length(count - piece.count)
                return piece
            case .chunked:
                if let piece = try decodeChunks() { return piece }
                if rest == .none { continue }
                guard try await readMore() else { throw ClientError.connectionLost(sent: true) }
            case .untilClose:
                if received.isEmpty, try await !readMore() { rest = .none } else { return takeReceived(atMost: .max) }
            }
        }
    }

    private func takeReceived(atMost limit: Int) -> [UInt8] {
        if received.count <= limit {
            defer { received = [] }
            return received
        }
        defer { received.removeFirst(limit) }
        return Array(received[..<limit])
    }

    /// The content of the chunks that are here; nil when there is none, which may be the end.
    private func decodeChunks() throws -> [UInt8]? {
        var content: [UInt8] = []
        var offset = 0
        decoding: while true {
            switch received.withUnsafeBytes({ decoder.next($0, at: &offset) }) {
            case .data(let start, let count): content += received[start..<start + count]
            case .finished:
                received.removeFirst(offset)
                rest = .none
                return content.isEmpty ? nil : content
            case .refused: throw ClientError.malformedResponse
            case .needMore: break decoding
            }
        }
        received.removeAll(keepingCapacity: true)
        return content.isEmpty ? nil : content
    }

    /// False when the server answered before it had all.
    private func write(_ source: ClientBody, _ wait: Watch.Patience, _ goesOn: Bool) async throws -> Bool {
        var offset = 0
        while goesOn, offset < source.length {
            let piece = try await source.read(offset, min(ClientBody.piece, source.length - offset))
            // A body shorter than promised must not look whole: the connection ends here.
            if piece.isEmpty || piece.count > source.length - offset { throw ClientError.malformedRequest }
            guard try await wait.during({ try await write(piece) }) else { return false }
            offset += piece.count
        }
        return goesOn
    }

    /// True when all was written; false when the server answered before that, which ends the writing.
    private func write(_ bytes: [UInt8]) async throws -> Bool {
        var start = 0
        while start < bytes.count {
            let attempt = bytes.withUnsafeBytes { socket.write(UnsafeRawBufferPointer(rebasing: $0[start...])) }
            switch attempt {
            case .bytes(let count):
                start += count
                hasSent = hasSent || count > 0
            case .wouldBlock(let interest):
                let events = try await socket.ready([interest, .read])
                if events.contains(.readable), interest == .write, try receive() { return false }
            case .failed, .end:
                // Perhaps it has said why before it hung up.
                if hasSent, (try? receive()) == true { return false }
                throw ClientError.connectionLost(sent: hasSent)
            }
        }
        return true
    }

    /// Reads what is there; false when nothing is. Throws when the stream has ended.
    private func receive() throws -> Bool {
        let attempt = withUnsafeTemporaryAllocation(byteCount: Self.readSize, alignment: 16) { space in
            let attempt = socket.read(into: space)
            if case .bytes(let count) = attempt { received += space[..<count] }
            return attempt
        }
        switch attempt {
        case .bytes:
            hasReceived = true
            return true
        case .wouldBlock: return false
        case .end, .failed: throw ClientError.connectionLost(sent: hasSent)
        }
    }

    /// Reads some more. False at the end of the stream. Throws when it broke.
    private func readMore() async throws -> Bool {
        while true {
            let attempt = withUnsafeTemporaryAllocation(byteCount: Self.readSize, alignment: 16) { space in
                let attempt = socket.read(into: space)
                if case .bytes(let count) = attempt { received += space[..<count] }
                return attempt
            }
            switch attempt {
            case .bytes:
                hasReceived = true
                return true
            case .end: return false
            case .failed: throw ClientError.connectionLost(sent: hasSent)
            case .wouldBlock(let interest): _ = try await socket.ready(interest)
            }
        }
    }

    private func readHead(toHead: Bool) async throws -> ResponseHead {
        while true {
            switch received.withUnsafeBytes({ ResponseHead.parse($0, toHead: toHead) }) {
            case .complete(let head, let length):
                received.removeFirst(length)
                return head
            case .malformed: throw ClientError.malformedResponse
            case .incomplete:
                guard try await readMore() else { throw ClientError.connectionLost(sent: hasSent) }
            }
        }
    }

    // MARK: its body

    private func readBody(_ framing: ResponseHead.Framing, _ largest: Int) async throws -> [UInt8] {
        switch framing {
        case .none: return []
        case .length(let count):
            guard count <= largest else { throw ClientError.responseTooLarge }
            while received.count < count {
                guard try await readMore() else { throw ClientError.connectionLost(sent: true) }
            }
            let body = Array(received[..<count])
            received.removeFirst(count)
            return body
        case .chunked: return try await readChunks(largest)
        case .untilClose:
            while try await readMore() {
                if received.count > largest { throw ClientError.responseTooLarge }
            }
            let body = received
            received = []
            return body
        }
    }

    private func readChunks(_ largest: Int) async throws -> [UInt8] {
        var decoder = ChunkedDecoder()
        var body: [UInt8] = []
        while true {
            var offset = 0
            decoding: while true {
                switch received.withUnsafeBytes({ decoder.next($0, at: &offset) }) {
                case .data(let start, let count):
                    guard body.count + count <= largest else { throw ClientError.responseTooLarge }
                    body += received[start..<start + count]
                case .finished:
                    received.removeFirst(offset)
                    return body
                case .refused: throw ClientError.malformedResponse
                case .needMore: break decoding
                }
            }
            received.removeAll(keepingCapacity: true)
            guard try await readMore() else { throw ClientError.connectionLost(sent: true) }
        }
    }
}

extension ClientError {
    /// The same error, with what the connection knows about the request.
    func knowing(sent: Bool) -> ClientError {
        switch self {
        case .timeout: .timeout(sent: sent)
        case .connectionLost: .connectionLost(sent: sent)
        case .cancelled: .cancelled(sent: sent)
        default: self
        }
    }
}
