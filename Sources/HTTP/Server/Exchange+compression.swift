import Runtime

/// Large answers compressed away from the loop.
extension Exchange {
    /// Above, a body that is to be compressed is handed to `send(status:head:body:compressingOn:)`.
    package static let largestCompressedAtOnce = Compressor.largest

    /// Answers with a body of any size, compressed on a blocking pool when the client accepts gzip and the body is too
    /// large for the loop. When the pool is busy the body goes out as it is.
    ///
    /// - Parameter tag: of the body as it is given; sent as ETag. Who has the body already is answered 304 without it.
    package func send(
        status: Int, head: (inout HeadWriter) -> Void = { _ in }, body: SharedBytes, compressingOn pool: BlockingPool,
        tag: EntityTag? = nil
    ) async {
        guard isOpen else { return }
        if body.bytes.count <= Compressor.largest {
            return send(status: status, head: head, body: body.bytes, compress: true, tag: tag)
        }
        let isKnown = tag != nil && precondition(tag: tag) == .notModified
        let allowsGzip = AcceptEncoding.allowsGzip(self)
        var packed: SharedBytes?
        if !isKnown, allowsGzip {
            // Without a free thread the client gets the plain body: slower for it, right all the same.
            packed = (try? await pool.run { Compressor.gzip(body) }) ?? nil
        }
        let isPacked = packed != nil
        let fields: (inout HeadWriter) -> Void = { fields in
            if isPacked { fields.field("Content-Encoding", "gzip") }
            fields.field("Vary", "Accept-Encoding")
            // A 304 has the fields that the 200 would have had (RFC 9110 section 15.4.5).
            if let tag { fields.field("ETag", (isKnown ? allowsGzip : isPacked) ? tag.packed.description : tag.description) }
            head(&fields)
        }
        if isKnown { return send(status: 304, head: fields) }
        send(status: status, head: fields, shared: packed ?? body)
    }
}
