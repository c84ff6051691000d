import HTTP

/// An answer that is the same for everybody and every time, made at start: of the routes that exist for benchmarks alone. It has
/// the fields that a server that does nothing sends, and the request's name; not those that tell browsers what an API's answers
/// may do.
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
            "Content-Type": answer.contentType ?? "text/plain"
        ])
    }
}
