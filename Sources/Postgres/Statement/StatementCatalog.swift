/// The statements that a loop has met, found by identity.
struct StatementCatalog {
    /// Statements assembled from optional fragments have many forms; beyond this the catalogue starts anew.
    private static let capacity = 4096

    private var known: [UInt64: StatementText] = [:]
    private var nextNumber = 0

    mutating func text(of draft: StatementDraft) -> StatementText {
        var candidate = known[draft.hash]
        while let text = candidate {
            if text.matches(draft) { return text }
            candidate = text.sibling
        }
        if known.count >= StatementCatalog.capacity { known.removeAll(keepingCapacity: true) }
        let text = StatementText(draft, number: nextNumber)
        nextNumber += 1
        text.sibling = known[draft.hash]
        known[draft.hash] = text
        return text
    }
}
