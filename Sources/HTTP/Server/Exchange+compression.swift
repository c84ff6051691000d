import Runtime

/// Large answers compressed away from the loop.
extension Exchange {
    /// Answers with a body of any size, compressed on a blocking pool when the client accepts gzip and the body is too
    /// large for the loop. When the pool is busy the body goes out as it is.
    package func send(
        status: Int, head: (inout HeadWriter) -> Void = { _ in }, body: SharedBytes, compressingOn pool: BlockingPool
    ) async {
        guard isOpen else { return }
        if body.bytes.count <= Compressor.largest {
            return send(status: status, head: head, body: body.bytes, compress: true)
        }
        var packed: SharedBytes?
        if AcceptEncoding.allowsGzip(self) {
            // Without a free thread the client gets the plain body: slower for it, right all the same.
            packed = (try? await pool.run { Compressor.gzip(body) }) ?? nil
        }
        send(
            status: status,
            head: { fields in
                if packed != nil { fields.field("Content-Encoding", "gzip") }
                fields.field("Vary", "Accept-Encoding")
                head(&fields)
            }, shared: packed ?? body)
    }
}
