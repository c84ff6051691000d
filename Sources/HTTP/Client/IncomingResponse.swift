/// A response whose body is read while it comes: as fast as its reader asks, never more than a piece in memory. Confined to the
/// loop of the task it was lent to, and of no use after that.
package final class IncomingResponse: @unchecked Sendable {
    package let status: Int
    package let fields: [(name: String, value: String)]
    private let connection: ClientConnection
    private let wait: Watch.Patience

    init(_ head: ResponseHead, on connection: ClientConnection, _ wait: Watch.Patience) {
        status = head.status
        fields = head.fields.map { ($0.name, $0.value) }
        self.connection = connection
        self.wait = wait
    }

    /// The value of the first field of that name.
    package func field(_ name: String) -> String? {
        let name = name.lowercased()
        return fields.first { $0.name == name }?.value
    }

    /// Bytes of the body as they have come; nil at its end. Throws `ClientError`, above all when the other side is silent for
    /// the request's time limit or ends before the body does.
    package func next() async throws -> [UInt8]? {
        do {
            return try await wait.during { try await connection.nextPiece() }
        } catch let error as ClientError {
            throw error.knowing(sent: true)
        }
    }

    /// The rest of the body. Throws `ClientError.responseTooLarge` beyond the limit.
    package func collect(atMost limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await next() {
            guard bytes.count + piece.count <= limit else { throw ClientError.responseTooLarge }
            bytes += piece
        }
        return bytes
    }
}
