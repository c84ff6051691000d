/// Every reason for which the server answers a request by itself. Each has a status, a stable code and a sentence; all
/// but the last three close the connection, because where the next request would begin is not certain.
package enum Refusal: String, Error, Sendable, CaseIterable {
    // 400: the request cannot be read in exactly one way.
    case bareLineFeed = "bare_line_feed"
    case bareCarriageReturn = "bare_carriage_return"
    case malformedRequestLine = "malformed_request_line"
    case malformedTarget = "malformed_target"
    case malformedVersion = "malformed_version"
    case foldedField = "folded_field"
    case malformedFieldName = "malformed_field_name"
    case malformedFieldValue = "malformed_field_value"
    case missingHost = "missing_host"
    case repeatedHost = "repeated_host"
    case malformedHost = "malformed_host"
    case malformedContentLength = "malformed_content_length"
    case repeatedContentLength = "repeated_content_length"
    case ambiguousFraming = "ambiguous_framing"
    case unknownTransferCoding = "unknown_transfer_coding"
    case malformedChunk = "malformed_chunk"
    case chunkTooLarge = "chunk_size_overflow"
    case chunkExtensionsTooLong = "chunk_extensions_too_long"
    case malformedTrailer = "malformed_trailer"
    // Limits.
    case headTimeout = "head_timeout"
    case bodyTimeout = "body_timeout"
    case contentTooLarge = "body_too_large"
    case requestLineTooLong = "request_line_too_long"
    case expectationFailed = "expectation_failed"
    case fieldsTooLarge = "fields_too_large"
    case trailersTooLarge = "trailers_too_large"
    // What this server does not do.
    case methodRefused = "method_refused"
    case unknownMethod = "unknown_method"
    case versionNotSupported = "version_not_supported"
    // Too much at once.
    case tooManyRequests = "too_many_requests_in_flight"
    case handlerTimeout = "handler_timeout"
    case tooManyConnections = "too_many_connections"

    package var status: Int {
        switch self {
        case .headTimeout, .bodyTimeout: 408
        case .contentTooLarge: 413
        case .requestLineTooLong: 414
        case .expectationFailed: 417
        case .fieldsTooLarge, .trailersTooLarge: 431
        case .methodRefused: 405
        case .unknownMethod: 501
        case .versionNotSupported: 505
        case .tooManyRequests, .handlerTimeout, .tooManyConnections: 503
        default: 400
        }
    }

    package var detail: StaticString {
        switch self {
        case .bareLineFeed: "A line ends in LF without CR."
        case .bareCarriageReturn: "A CR is not followed by LF."
        case .malformedRequestLine: "The request line is not method, target and version separated by single spaces."
        case .malformedTarget: "The request target holds a character or an escape that is not allowed there."
        case .malformedVersion: "The protocol version cannot be read."
        case .foldedField: "A field line begins with whitespace."
        case .malformedFieldName: "A field line has no colon, or its name is no token."
        case .malformedFieldValue: "A field value holds a control character."
        case .missingHost: "The Host field is missing."
        case .repeatedHost: "There is more than one Host field."
        case .malformedHost: "The Host field is no host with an optional port."
        case .malformedContentLength: "Content-Length is no decimal number, or too large a one."
        case .repeatedContentLength: "There is more than one Content-Length."
        case .ambiguousFraming: "Both Content-Length and Transfer-Encoding are given."
        case .unknownTransferCoding: "The only transfer coding understood is chunked, once, in HTTP/1.1."
        case .malformedChunk: "The chunked body is malformed."
        case .chunkTooLarge: "A chunk size does not fit."
        case .chunkExtensionsTooLong: "The chunk extensions are too long."
        case .malformedTrailer: "A trailer field is malformed."
        case .headTimeout: "The request head did not arrive in time."
        case .bodyTimeout: "The request body did not arrive in time."
        case .contentTooLarge: "The request body is larger than this operation accepts."
        case .requestLineTooLong: "The request line is too long."
        case .expectationFailed: "The only expectation understood is 100-continue."
        case .fieldsTooLarge: "The header fields are too large or too many."
        case .trailersTooLarge: "The trailer fields are too large."
        case .methodRefused: "This server refuses the method."
        case .unknownMethod: "The method is not known here."
        case .versionNotSupported: "The protocol version is not HTTP/1.1 or HTTP/1.0."
        case .tooManyRequests: "The server is answering as many requests as it can."
        case .handlerTimeout: "The answer was not ready in time."
        case .tooManyConnections: "The server has as many connections as it can serve."
        }
    }

    /// Seconds for the Retry-After field (RFC 9110 section 10.2.3); nil where trying again would not help.
    package var retryAfter: Int? { status == 503 ? 1 : nil }
}
