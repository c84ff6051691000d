import HTTP

/// An answer that is the same for everybody and every time, made at start.
final class PreparedAnswer: Sendable {
    let operation: Operation
    let answer: Answer
    let fields: FieldBlock
    let body: [UInt8]

    init(_ answer: Answer, of operation: Operation) {
        self.operation = operation
        self.answer = answer
        body = answer.bodyBytes
        fields = FieldBlock([
            "Content-Type": answer.contentType ?? "text/plain", "Cache-Control": "\(operation.cacheControl)",
            "Content-Security-Policy": "default-src 'none'",
        ])
    }
}
