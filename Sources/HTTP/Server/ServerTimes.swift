import Runtime

/// The limits in nanoseconds, computed once.
struct ServerTimes: Sendable {
    let firstByte, head, bodyIdle, body, upload, idle, write, handler, linger: UInt64

    init(_ limits: ServerLimits) {
        firstByte = limits.firstByte.nanoseconds
        head = limits.headTime.nanoseconds
        bodyIdle = limits.bodyIdle.nanoseconds
        body = limits.bodyTime.nanoseconds
        upload = limits.uploadTime.nanoseconds
        idle = limits.idle.nanoseconds
        write = limits.writeStall.nanoseconds
        handler = limits.handler.nanoseconds
        linger = limits.linger.nanoseconds
    }
}
