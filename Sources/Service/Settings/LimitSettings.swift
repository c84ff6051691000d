/// Bounds of one connection and of all together. Each has a status or a close of its own behind it.
package enum LimitSettings {
    package static let requestLine = Setting<ByteCount>(
        "LIMIT_REQUEST_LINE", "limits.requestLine", default: 8192, .range(1024...24576),
        meaning: "Longest request line; beyond it 414.")
    package static let head = Setting<ByteCount>(
        "LIMIT_HEAD", "limits.head", default: 32768, .range(4096...39936),
        meaning: "Largest field section of a request; beyond it 431.")
    package static let fields = Setting<Int>(
        "LIMIT_FIELDS", "limits.fields", default: 100, .range(10...1000), meaning: "Most fields of a request; beyond it 431.")
    package static let body = Setting<ByteCount>(
        "LIMIT_BODY", "limits.body", default: 1_048_576, .range(1024...67_108_864),
        meaning: "Largest JSON body; beyond it 413 before it is read.")
    package static let firstByte = Setting<Seconds>(
        "LIMIT_FIRST_BYTE_SECONDS", "limits.firstByte", default: 15, .range(1...600),
        meaning: "How long a new connection may stay silent before it is closed.")
    package static let headTime = Setting<Seconds>(
        "LIMIT_HEAD_SECONDS", "limits.headTime", default: 10, .range(1...600),
        meaning: "How long a request head may take; beyond it 408.")
    package static let bodyIdle = Setting<Seconds>(
        "LIMIT_BODY_IDLE_SECONDS", "limits.bodyIdle", default: 30, .range(1...600),
        meaning: "How long a body may pause; beyond it 408.")
    package static let bodyTime = Setting<Seconds>(
        "LIMIT_BODY_SECONDS", "limits.bodyTime", default: 60, .range(1...3600),
        meaning: "How long a buffered body may take in all; beyond it 408.")
    package static let idle = Setting<Seconds>(
        "LIMIT_IDLE_SECONDS", "limits.idle", default: 60, .range(1...3600),
        meaning: "How long a kept connection may rest between requests.")
    package static let writeStall = Setting<Seconds>(
        "LIMIT_STALL_SECONDS", "limits.writeStall", default: 30, .range(1...600),
        meaning: "How long a client may read nothing of its answer before the connection is reset.")
    package static let unread = Setting<ByteCount>(
        "LIMIT_UNREAD", "limits.unread", default: 131_072, .range(16384...16_777_216),
        meaning: "Bytes of an answer held for a slow client; a streamed answer waits beyond it.")
    package static let handler = Setting<Seconds>(
        "LIMIT_HANDLER_SECONDS", "limits.handler", default: 30, .range(1...3600),
        meaning: "How long an operation may take; beyond it 503.")
    package static let connections = Setting<Int>(
        "MAX_CONNECTIONS", "limits.connections", default: 20000, .range(10...1_000_000),
        meaning: "Connections at a time; beyond it 503.")
    package static let connectionsPerAddress = Setting<Int>(
        "MAX_CONNECTIONS_PER_ADDRESS", "limits.connectionsPerAddress", default: 1000, .range(1...1_000_000),
        meaning: "Connections of one client address at a time, this machine excepted; beyond it 503.")
    package static let inFlight = Setting<Int>(
        "MAX_REQUESTS_IN_FLIGHT", "limits.inFlight", default: 2000, .range(1...1_000_000),
        meaning: "Requests being answered at a time; beyond it 503.")

    package static let rows: [any SettingRow] = [
        requestLine, head, fields, body, firstByte, headTime, bodyIdle, bodyTime, idle, writeStall, unread, handler,
        connections, connectionsPerAddress, inFlight,
    ]
}
