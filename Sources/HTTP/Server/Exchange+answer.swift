import Runtime

/// What the client gets. Calls on an exchange that is over do nothing, so a handler that comes too late is harmless.
extension Exchange {
    /// Answers in one piece. The bytes are copied into the connection's write buffer before the call returns.
    ///
    /// - Parameters:
    ///   - head: adds fields, when `status` of the exchange is set; Date, Content-Length and Connection are the server's.
    ///   - compress: gzip is applied when the client accepts it and the body is worth it. Never where a secret and
    ///     reflected input meet.
    ///   - tag: of the body as it is given; sent as ETag. Who has the body already is answered 304 without it.
    package func send(
        status: Int, head: (inout HeadWriter) -> Void = { _ in }, body: UnsafeRawBufferPointer, compress: Bool = false,
        tag: EntityTag? = nil
    ) {
        guard let connection, !isAnswered else { return }
        let varies = compress && body.count >= Compressor.smallest && body.count <= Compressor.largest
        let isKnown = tag != nil && precondition(tag: tag) == .notModified
        var isPacked = varies && AcceptEncoding.allowsGzip(self)
        var content = body
        if isKnown {
            content = UnsafeRawBufferPointer(start: nil, count: 0)
        } else if isPacked {
            let packed = connection.server.compressor.gzip(body)
            isPacked = packed != nil
            content = packed ?? body
        }
        bytesAnswered = isKnown ? 0 : body.count
        connection.writeHead(self, isKnown ? 304 : status, .length(content.count)) { fields in
            if isPacked, !isKnown { fields.field("Content-Encoding", "gzip") }
            // A 304 has the fields that the 200 would have had (RFC 9110 section 15.4.5).
            if varies { fields.field("Vary", "Accept-Encoding") }
            if let tag { fields.field("ETag", tag, isPacked: isPacked) }
            head(&fields)
        }
        connection.writeBody(content)
        connection.complete(self)
    }

    package func send(status: Int, head: (inout HeadWriter) -> Void = { _ in }, body: [UInt8], compress: Bool = false) {
        body.withUnsafeBytes { send(status: status, head: head, body: $0, compress: compress) }
    }

    package func send(status: Int, head: (inout HeadWriter) -> Void = { _ in }, text: StaticString) {
        send(
            status: status, head: head,
            body: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Answers without a body: 204, 304, redirects, and whatever has Content-Length 0.
    package func send(status: Int, head: (inout HeadWriter) -> Void = { _ in }) {
        send(status: status, head: head, body: UnsafeRawBufferPointer(start: nil, count: 0))
    }

    /// Answers with bytes that other answers send too: nothing is copied, the connection holds a reference until the
    /// last byte has left.
    package func send(status: Int, head: (inout HeadWriter) -> Void = { _ in }, shared: SharedBytes) {
        guard let connection, !isAnswered else { return }
        bytesAnswered = shared.bytes.count
        connection.writeHead(self, status, .length(shared.bytes.count), head)
        connection.attach(.shared(shared, sent: 0), count: shared.bytes.count)
        connection.complete(self)
    }

    /// Answers with a part of a file, by sendfile(2). The caller has decided on 200 or 206; `serve` does that too.
    package func send(status: Int, head: (inout HeadWriter) -> Void = { _ in }, file: OpenFile, range: Range<Int>) {
        guard let connection, !isAnswered else { return }
        bytesAnswered = range.count
        connection.writeHead(self, status, .length(range.count), head)
        connection.attach(.file(file, offset: range.lowerBound, remaining: range.count), count: range.count)
        connection.complete(self)
    }

    /// Begins an answer whose body follows by `write` and ends by `finish`.
    ///
    /// - Parameters:
    ///   - length: when known; otherwise the body is chunked, or ends with the connection for HTTP/1.0.
    ///   - compress: gzip is applied on the way when the client accepts it; not to a body of known length.
    package func startStreaming(
        status: Int, length: Int? = nil, compress: Bool = false, head: (inout HeadWriter) -> Void = { _ in }
    ) {
        guard let connection, !isAnswered else { return }
        let varies = compress && length == nil
        if varies, AcceptEncoding.allowsGzip(self) { packer = StreamCompressor(connection.server.streamCompressors) }
        let isPacked = packer != nil
        connection.writeHead(self, status, length.map { .length($0) } ?? .streamed) { fields in
            if isPacked { fields.field("Content-Encoding", "gzip") }
            if varies { fields.field("Vary", "Accept-Encoding") }
            head(&fields)
        }
        connection.beginStreaming(self, length)
    }

    /// Sends more of a streamed answer. Suspends while more than `ServerLimits.unreadAnswer` bytes wait for the client.
    /// Throws `ExchangeError.gone` when nobody will read it, as after HEAD: stop producing.
    package func write(_ bytes: UnsafeRawBufferPointer) async throws {
        var start = 0
        while start < bytes.count {
            guard let connection else { throw ExchangeError.gone }
            let count = min(bytes.count - start, mostAtOnce(connection))
            put(UnsafeRawBufferPointer(rebasing: bytes[start..<start + count]), connection)
            start += count
            if connection.mustPause { try await connection.waitForRoom().value() }
        }
        if !isOpen { throw ExchangeError.gone }
    }

    package func write(_ bytes: [UInt8]) async throws {
        var start = 0
        while start < bytes.count {
            guard let connection else { throw ExchangeError.gone }
            let count = min(bytes.count - start, mostAtOnce(connection))
            bytes.withUnsafeBytes { put(UnsafeRawBufferPointer(rebasing: $0[start..<start + count]), connection) }
            start += count
            if connection.mustPause { try await connection.waitForRoom().value() }
        }
        if !isOpen { throw ExchangeError.gone }
    }

    /// Bytes of a streamed answer that are taken before others have their turn.
    private func mostAtOnce(_ connection: HTTPConnection) -> Int {
        let most = connection.server.limits.unreadAnswer
        return packer == nil ? most : min(most, StreamCompressor.slice)
    }

    private func put(_ bytes: UnsafeRawBufferPointer, _ connection: HTTPConnection) {
        bytesAnswered += bytes.count
        guard let packer else { return connection.stream(bytes) }
        packer.pack(bytes) { connection.stream($0) }
    }

    package func write(_ text: String) async throws { try await write(Array(text.utf8)) }

    /// Ends a streamed answer.
    package func finish() {
        guard let connection else { return }
        packer?.pack(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true) { connection.stream($0) }
        connection.finishStream()
        connection.complete(self)
    }

    /// Breaks a streamed answer off, so that the client sees that it is not whole.
    package func abort() {
        guard let connection else { return }
        connection.breakOff(self)
    }

    /// Gives the handler more or less time than `ServerLimits.handler`, counted from now.
    package func allow(_ time: Duration) {
        connection?.extendHandler(time)
    }

    /// Answers 101 (or another status without body) and hands the connection's descriptor over, with what the client has
    /// sent after its request. The server forgets the connection; `taker` is called when the answer is on its way.
    package func handOver(
        status: Int = 101, head: (inout HeadWriter) -> Void, taker: @escaping (HandedOver) -> Void
    ) {
        guard let connection, !isAnswered else { return }
        connection.writeHead(self, status, .none, head)
        connection.handOver(self, taker)
    }
}
