/// A question on its way, and where its answers are. Confined to its loop.
final class Asked<Question: Sendable>: Waiting, @unchecked Sendable {
    let question: Question
    /// PostgreSQL refused the statement, perhaps for a neighbour's sake: to be asked again alone.
    var isSpoiled = false
    /// What came back for all questions of the statement, and which rows are this one's.
    private var pending: Pending?
    private var firstRow: Int32 = -1
    private var furtherRows: [Int32] = []

    init(_ question: Question) { self.question = question }

    func note(row: Int32, of pending: Pending) {
        if firstRow < 0 {
            self.pending = pending
            firstRow = row
        } else {
            furtherRows.append(row)
        }
    }

    /// The first of the answers, decoded by the task that asked.
    func first<Output: Row>() throws -> Output? {
        try pending?.row(firstRow, after: 1)
    }

    /// The answers, decoded by the task that asked.
    func answers<Output: Row>() throws -> [Output] {
        guard let pending else { return [] }
        var answers: [Output] = []
        answers.reserveCapacity(1 + furtherRows.count)
        answers.append(try pending.row(firstRow, after: 1))
        for row in furtherRows { answers.append(try pending.row(row, after: 1)) }
        return answers
    }
}
