import JSON

/// Something that clients of Socket.IO may say, beside what every socket understands: `reel:join`, `typing`. Modules hand
/// theirs over.
package struct ClientEvent: Sendable {
    package typealias Run = nonisolated(nonsending) @Sendable (Caller, JSONValue?) async throws -> Outcome

    /// What it leads to, when it is not refused.
    package struct Outcome: Sendable {
        /// A room that the socket enters, if its kind admits the caller; no reply is given otherwise.
        package var enters: String?
        package var leaves: String?
        /// What the socket is told, and its acknowledgement if it asked for one; nil for nothing.
        package var reply: (event: String, data: JSONValue)?

        package init(enters: String? = nil, leaves: String? = nil, reply: (event: String, data: JSONValue)? = nil) {
            self.enters = enters
            self.leaves = leaves
            self.reply = reply
        }
    }

    /// Unique among all modules, and none of `auth`, `subscribe`, `unsubscribe`, `ping`.
    package let name: String
    /// Given who says it and the event's first argument. A `Problem` it throws is told to the client by its `detail`.
    package let run: Run

    package init(_ name: String, run: @escaping Run) {
        self.name = name
        self.run = run
    }
}
