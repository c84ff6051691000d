import Values

/// Which jobs of a queue are meant.
package struct JobSelection: Sendable {
    package let queue: String
    /// Nil for all states.
    package var state: JobState?
    package var name: String?
    /// A text somewhere in the job's data, whatever its case.
    package var text: String?
    /// For how long they have been finished, or in the queue.
    package var olderThan: Duration

    package init(
        _ queue: String, state: JobState? = nil, name: String? = nil, text: String? = nil, olderThan: Duration = .zero
    ) {
        self.queue = queue
        self.state = state
        self.name = name
        self.text = text
        self.olderThan = olderThan
    }

    /// As a pattern of LIKE.
    var pattern: String? {
        text.map { text in
            "%" + text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_") + "%"
        }
    }
}
