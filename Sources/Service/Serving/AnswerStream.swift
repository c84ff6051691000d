import HTTP

/// A body that is made while it is sent, as fast as the client takes it.
package struct AnswerStream: Sendable {
    package typealias Produce = nonisolated(nonsending) @Sendable (Exchange) async throws -> Void

    /// Its media type.
    let type: String
    /// Writes the body, and nothing else, to the exchange. Thrown errors break the answer off.
    let produce: Produce

    package init(type: String, produce: @escaping Produce) {
        self.type = type
        self.produce = produce
    }
}
