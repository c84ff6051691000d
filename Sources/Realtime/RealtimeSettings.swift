import Service

/// Bounds of sockets that an operator may want to move (0-platform 5.3).
package enum RealtimeSettings {
    package static let frame = Setting<ByteCount>(
        "LIMIT_FRAME", "realtime.frame", default: 65536, .range(1024...1_000_000),
        meaning: "Largest frame of a WebSocket; beyond it the socket is closed with 1009.")
    package static let unsent = Setting<ByteCount>(
        "LIMIT_UNSENT", "realtime.unsent", default: 1_048_576, .range(65536...67_108_864),
        meaning: "Bytes that may wait for a socket to read them; beyond it the socket is dropped.")
    package static let socketsPerUser = Setting<Int>(
        "MAX_SOCKETS_PER_USER", "realtime.socketsPerUser", default: 10, .range(1...100_000),
        meaning: "Sockets of one user at a time at one instance; beyond it they are refused.")

    package static let rows: [any SettingRow] = [frame, unsent, socketsPerUser]
}
