import Runtime

extension Database {
    /// Fills a table by COPY, all rows or none, and answers how many there were. It has a connection and a transaction
    /// of its own, also inside `transaction`.
    ///
    /// - Parameters:
    ///   - target: table and columns, `"condo.units (id, number)"`.
    ///   - rows: appends the rows; when it throws, none remains.
    package func copy(
        into target: StaticString, _ rows: (inout CopyWriter) async throws -> Void
    ) async throws -> Int {
        guard let loop = EventLoop.current else { preconditionFailure("COPY is begun on one of the database's loops") }
        let connection = try await PlainConnection.open(settings.connection, on: loop, resolver: resolver)
        defer { connection.close() }
        try await connection.startCopying("copy \(target) from stdin")
        var writer = CopyWriter(connection)
        do {
            try await rows(&writer)
            try await writer.send()
        } catch {
            _ = try? await connection.finishCopying(refusing: "given up")
            throw error
        }
        return try await connection.finishCopying()
    }
}
