import Synchronization
import Values

/// How fast a bot writes: 25 messages a second, and one a second to a chat, of this process. What other processes send
/// besides, Telegram itself holds up.
final class TelegramPace: Sendable {
    static let perSecond = 25

    private struct State {
        /// When each of the last messages left, the newest last; never more than `perSecond`.
        var last: [Instant] = []
        /// When each chat was written to, as far as that was within the second.
        var chats: [Int64: Instant] = [:]
    }

    private let state = Mutex(State())

    /// How long to wait before a message to this chat; nil when it may leave now, which then is counted.
    func wait(for chat: Int64, at now: Instant) -> Duration? {
        state.withLock { state in
            let second = Duration.seconds(1)
            state.last.removeAll { now >= $0 + second }
            state.chats = state.chats.filter { now < $0.value + second }
            if let before = state.chats[chat] { return before + second - now }
            if state.last.count >= Self.perSecond { return state.last[0] + second - now }
            state.last.append(now)
            state.chats[chat] = now
            return nil
        }
    }
}
