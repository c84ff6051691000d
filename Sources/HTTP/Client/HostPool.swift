import Runtime

/// The connections of one loop to one origin: those that rest, how many there are, and who waits for one.
final class HostPool {
    private(set) var idle: [ClientConnection] = []
    private(set) var open = 0
    private var waiting: [Waiter<ClientConnection?>] = []
    private let most: Int
    private let mostWaiting: Int

    init(most: Int, mostWaiting: Int) {
        self.most = most
        self.mostWaiting = mostWaiting
    }

    var isUnused: Bool { open == 0 && waiting.isEmpty }

    enum Lease {
        /// A connection that has rested.
        case rested(ClientConnection)
        /// The caller opens one; it has been counted.
        case mayOpen
        /// Delivers a rested connection, or nil: the caller opens one, which has been counted.
        case wait(Waiter<ClientConnection?>)
        case overloaded
    }

    func lease() -> Lease {
        if let connection = idle.popLast() {
            connection.socket.whenStirred = nil
            return .rested(connection)
        }
        if open < most {
            open += 1
            return .mayOpen
        }
        waiting.removeAll { $0.isResolved }
        guard waiting.count < mostWaiting else { return .overloaded }
        let waiter = Waiter<ClientConnection?>()
        waiting.append(waiter)
        return .wait(waiter)
    }

    /// A connection is free again.
    func giveBack(_ connection: ClientConnection, now: UInt64) {
        while !waiting.isEmpty {
            if waiting.removeFirst().resume(returning: connection) { return }
        }
        connection.idleSince = now
        connection.socket.whenStirred = { [weak self, weak connection] in
            guard let self, let position = idle.firstIndex(where: { $0 === connection }) else { return }
            lost(idle.remove(at: position))
        }
        connection.socket.rest()
        idle.append(connection)
    }

    /// A connection is gone, or could not be opened: somebody who waits may open another.
    func lost(_ connection: ClientConnection?) {
        connection?.close()
        while !waiting.isEmpty {
            if waiting.removeFirst().resume(returning: nil) { return }
        }
        open -= 1
    }

    /// Closes what has rested since before `instant`.
    func expire(before instant: UInt64) {
        let old = idle.filter { $0.idleSince <= instant }
        idle.removeAll { $0.idleSince <= instant }
        for connection in old { lost(connection) }
    }
}
