import HTTP

/// An answer that is given again: its bytes and what stands beside them. Shared by loops.
package final class KeptAnswer: Sendable {
    package let body: [UInt8]
    package let type: String
    package let tag: EntityTag
    let fields: [(name: StaticString, value: String)]

    /// Nil for what cannot be given again: anything but a whole 200.
    package init?(_ answer: Answer, of call: Call) {
        guard answer.status == 200, let type = answer.contentType else { return nil }
        switch answer.content {
        case .stream, .file, .relay, .upgrade: return nil
        case .empty, .json, .bytes, .shared, .kept: break
        }
        let body = answer.bodyBytes
        self.body = body
        self.type = type
        tag = body.withUnsafeBytes { EntityTag(of: $0) }
        fields = answer.fields + call.fields
    }

    package var answer: Answer {
        var answer = Answer(status: 200, content: .kept(self))
        answer.fields = fields
        answer.isRepeated = true
        return answer
    }
}
