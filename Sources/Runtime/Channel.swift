import CSystem

/// What a channel wants to be told about its descriptor.
public struct Interest: OptionSet, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let read = Interest(rawValue: EPOLLIN.rawValue)
    public static let write = Interest(rawValue: EPOLLOUT.rawValue)
    /// The peer has shut down its writing half.
    public static let peerClosed = Interest(rawValue: EPOLLRDHUP.rawValue)
}

/// What epoll reported of a descriptor (epoll_ctl(2)).
public struct Events: OptionSet, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let readable = Events(rawValue: EPOLLIN.rawValue)
    public static let writable = Events(rawValue: EPOLLOUT.rawValue)
    public static let peerClosed = Events(rawValue: EPOLLRDHUP.rawValue)
    public static let hangup = Events(rawValue: EPOLLHUP.rawValue)
    public static let error = Events(rawValue: EPOLLERR.rawValue)
}

/// A descriptor registered with an event loop, and what is done when it becomes ready.
///
/// A channel belongs to one loop for life; every method runs on that loop's thread. The loop holds a strong
/// reference from `add` to `remove`.
open class Channel {
    /// The descriptor; −1 when there is none (any more).
    public final var fd: Int32
    /// The loop the channel is registered with.
    /// Not weak, because a weak reference makes every retain of the loop slow; the loop ends it when it goes.
    public internal(set) final unowned(unsafe) var loop: EventLoop?
    public internal(set) final var interest: Interest = []
    /// Distinguishes this registration from an earlier one of the same descriptor number within one epoll batch.
    final var generation: UInt32 = 0
    final var isRegistered = false
    final var isDirty = false

    public init(fd: Int32 = -1) { self.fd = fd }

    /// The descriptor is ready. Level-triggered: what is left unread is reported again.
    open func onEvent(_ events: Events) {}

    /// Called once at the end of a round in which `EventLoop.markDirty` was called for this channel.
    open func flush() {}
}
