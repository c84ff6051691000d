import JSON

/// What operators ask of a running instance, each instance for itself.
package struct RuntimeOperations: Sendable {
    let journal: RequestJournal

    package init(journal: RequestJournal) { self.journal = journal }

    package var operations: [Operation] { [figures, slow] }

    private static let tag = "Operations"

    private var figures: Operation {
        .get(
            "/admin/runtime/operations", "listOperationFigures", "What each operation costs this instance",
            tag: Self.tag, who: .permission("settings:read"), answer: [OperationFigures].self
        ) { [journal] call in
            try call.caller.requirePlatform("settings:read")
            return journal.figures
        }.described("Since the start of this instance; those that took most time altogether first.")
    }

    private var slow: Operation {
        .get(
            "/admin/runtime/slow-requests", "listSlowRequests", "The slow requests of late, the slowest first",
            tag: Self.tag, who: .permission("settings:read"), answer: [SlowRequest].self
        ) { [journal] call in
            try call.caller.requirePlatform("settings:read")
            return journal.slow
        }.described(
            "The last \(RequestJournal.capacity) that took longer than SLOW_REQUEST_MS, of this instance since its start.")
    }
}
