import HTTP

/// What an operation answers when the connection is to leave HTTP (RFC 9110, 7.8).
package struct AnswerUpgrade: Sendable {
    /// Adds the fields that every answer carries.
    package typealias Fields = (inout HeadWriter) -> Void

    /// Answers 101 on the exchange and takes its connection over.
    let take: @Sendable (Exchange, Fields) -> Void

    package init(_ take: @escaping @Sendable (Exchange, Fields) -> Void) { self.take = take }
}
