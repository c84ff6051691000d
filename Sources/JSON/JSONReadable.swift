import Values

/// A value that reads itself from one JSON value.
package protocol JSONReadable {
    /// Throws `JSONSyntaxError` for what is no JSON, `Refusal` or `InvalidInput` for what is not this type.
    init(from reader: inout JSONReader) throws
}

extension JSONReadable {
    /// Reads a whole document. Throws `JSONSyntaxError` or `InvalidInput`; a document with both kinds of mistakes is told
    /// its syntax first.
    package static func decode(json bytes: UnsafeRawBufferPointer, limits: JSONLimits = .standard) throws -> Self {
        var reader = try JSONReader(bytes, limits: limits)
        do {
            let value = try Self(from: &reader)
            try reader.finish()
            return value
        } catch let error as JSONSyntaxError {
            throw error
        } catch {
            throw try reader.verdict(on: error)
        }
    }

    package static func decode(json bytes: [UInt8], limits: JSONLimits = .standard) throws -> Self {
        try bytes.withUnsafeBytes { try decode(json: $0, limits: limits) }
    }

    package static func decode(json text: String, limits: JSONLimits = .standard) throws -> Self {
        try decode(json: Array(text.utf8), limits: limits)
    }
}
