import HTTP
import JSON
import Values

/// What an operation answers, ready to be sent.
package struct Answer: Sendable {
    package enum Content: Sendable {
        case empty
        /// JSON of the envelope, in a buffer borrowed from the loop.
        case json(AnswerBuffer)
        /// Something else, with its media type.
        case bytes([UInt8], type: String)
        /// The same bytes for everybody, with their media type: they are not copied, whoever reads them and however slowly.
        case shared(SharedBytes, type: String)
        /// What an earlier call was answered.
        case kept(KeptAnswer)
        /// A file, or the part of it that the client asks for, with its media type.
        case file(OpenFile, type: String)
        /// A file, or the part of it that the client asks for, from elsewhere, with its media type.
        case relay(RelayedFile, type: String)
        /// What is made while it is sent.
        case stream(AnswerStream)
        /// The connection leaves HTTP: status 101.
        case upgrade(AnswerUpgrade)
    }

    package var status: Int
    package var content: Content
    /// Fields besides those that every answer carries.
    package var fields: [(name: StaticString, value: String)] = []
    /// It was given before, and is given again to somebody who may have it.
    package var isRepeated = false

    package init(status: Int, content: Content = .empty) {
        self.status = status
        self.content = content
    }

    package static func text(_ text: String, type: String = "text/plain; charset=utf-8", status: Int = 200) -> Answer {
        Answer(status: status, content: .bytes(Array(text.utf8), type: type))
    }

    package static func json(_ text: [UInt8], status: Int = 200) -> Answer {
        Answer(status: status, content: .bytes(text, type: "application/json"))
    }

    /// A redirection (RFC 9110, 15.4.3).
    package static func found(_ location: String) -> Answer {
        var answer = Answer(status: 302)
        answer.fields.append(("Location", location))
        return answer
    }

    /// The body's bytes, copied: for what is stored (idempotency) or looked at by tests. None of a stream or a file, which
    /// are not in memory.
    package var bodyBytes: [UInt8] {
        switch content {
        case .empty, .stream, .file, .relay, .upgrade: []
        case .json(let buffer): buffer.copyBytes()
        case .bytes(let bytes, _): bytes
        case .shared(let bytes, _): Array(bytes.bytes)
        case .kept(let kept): kept.body
        }
    }

    package var contentType: String? {
        switch content {
        case .empty, .upgrade: nil
        case .json: "application/json"
        case .bytes(_, let type), .shared(_, let type): type
        case .kept(let kept): kept.type
        case .file(_, let type), .relay(_, let type): type
        case .stream(let stream): stream.type
        }
    }
}

extension Answer {
    /// The value of `Location`, when it has one.
    var location: String? {
        fields.first { $0.name.withUTF8Buffer { $0.elementsEqual("Location".utf8) } }?.value
    }
}
