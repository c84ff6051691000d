import HTTP

/// An answer that is the same for everybody and every time, made at start.
final class PreparedAnswer: Sendable {
    let fields: FieldBlock
    let body: [UInt8]

    init(_ answer: Answer, of operation: Operation) {
        body = answer.bodyBytes
        fields = FieldBlock([
            "Content-Type": answer.contentType ?? "text/plain", "Cache-Control": "\(operation.cacheControl)",
            "Content-Security-Policy": "default-src 'none'",
        ])
    }
}
