import Postgres
import Values

/// An order as far as its rating asks: what became of it, and who may be meant.
struct ReviewableOrder: Sendable {
    let clientID: Int
    /// Effective, as of the database's clock.
    let status: OrderStatus
    let closeReason: CloseReason?
    let chosenExecutorID: Int?
    /// Those who bought the contact, the earliest first.
    let executorIDs: [Int]

    /// Whether it has ended in a way that its customer may rate: whoever never answered does not, nor whose order staff
    /// closed (spec 4.7).
    var isFinished: Bool {
        switch status {
        case .completed, .expired: true
        case .closedNoResponse: closeReason == .clientClosed
        case .active, .deleted: false
        }
    }

    /// Whom a rating is about: the one it names, else the chosen one, else the earliest.
    func executor(named id: Int?) throws -> Int {
        guard isFinished else { throw UrgentProblem.orderNotFinished }
        guard let earliest = executorIDs.first else { throw ReviewProblem.noExecutor }
        guard let id else { return chosenExecutorID ?? earliest }
        guard executorIDs.contains(id) else { throw UrgentProblem.executorDidNotTake }
        return id
    }
}

extension ReviewableOrder: Row {
    init(_ row: inout RowReader) throws {
        clientID = try row.next()
        status = try row.next()
        closeReason = try row.next()
        chosenExecutorID = try row.next()
        executorIDs = try row.next()
    }
}
