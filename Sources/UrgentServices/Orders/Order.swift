import Postgres
import Values

/// An order on the board, as its row is, read at an instant of the database's clock.
///
/// active → expired, closed_no_response, completed, deleted; expired → deleted. A row stays active until somebody writes
/// down that its time has passed; everybody reads and decides by `status`, which does not wait for that.
struct Order: Sendable {
    let id: OrderID
    let client: Int
    let category: String
    let description: String
    let city: String
    let contact: String
    let createdAt: Instant
    let lifetimeMinutes: Int
    let storedStatus: OrderStatus
    let storedReason: CloseReason?
    /// Who took it and when, the first first.
    let takers: [Int]
    let takenAt: [Instant]
    let respondedAt: Instant?
    let isCityLocked: Bool
    let expiresAt: Instant
    /// When it closes for want of an answer; nil until somebody has taken it.
    let noResponseAt: Instant?
    let storedClosedAt: Instant?
    let renewedFrom: String?
    let latitude: Double?
    let longitude: Double?
    /// Of the visible review.
    let rating: Int?
    let reviewComment: String?
    /// The database's clock when the row was read.
    let readAt: Instant
}

extension Order {
    /// When it ends by itself, if nobody does anything.
    var deadline: Instant {
        guard respondedAt == nil, let noResponseAt else { return expiresAt }
        return min(expiresAt, noResponseAt)
    }

    /// Its time has passed and nobody has written that down yet.
    var isLapsed: Bool { storedStatus == .active && deadline <= readAt }

    /// By which of the two deadlines it has lapsed: of two at once the missing answer counts.
    private var lapsesWithoutResponse: Bool {
        guard respondedAt == nil, let noResponseAt else { return false }
        return noResponseAt <= expiresAt
    }

    var status: OrderStatus {
        guard isLapsed else { return storedStatus }
        return lapsesWithoutResponse ? .closedNoResponse : .expired
    }

    var reason: CloseReason? {
        guard isLapsed else { return storedReason }
        return lapsesWithoutResponse ? .noResponse : .expired
    }

    /// The exact instant when it stopped being active.
    var closedAt: Instant? { isLapsed ? deadline : storedClosedAt }

    var isActive: Bool { status == .active }
    var isTaken: Bool { !takers.isEmpty }

    var secondsLeft: Int { isActive ? Int((deadline - readAt).components.seconds) : 0 }

    /// The client and whoever has taken it: they see contact and place.
    func isParty(_ viewer: Viewer) -> Bool { viewer.id.map { $0 == client || takers.contains($0) } ?? false }
}

// MARK: What may be done with it

extension Order {
    /// For what its client does to what nobody has taken: for everybody else the order is not there.
    func checkOwner(_ user: Int) throws(UrgentProblem) {
        guard client == user else { throw .orderNotFound }
    }

    /// For what its client does after it was taken: that it is not his is told.
    func checkClient(_ user: Int) throws(UrgentProblem) {
        guard status != .deleted || client == user else { throw .orderNotFound }
        guard client == user else { throw .notOrderClient }
    }

    /// Of one that has ended that is told, whether or not it was taken: the same before its end is written down and after.
    func checkEditable() throws(UrgentProblem) {
        guard isActive else { throw .orderNotActive }
        if isTaken { throw .orderTaken }
    }

    /// What was deleted is gone; of whatever else has ended it is told.
    func checkDeletable() throws(UrgentProblem) {
        if status == .deleted { throw .orderNotFound }
        guard status == .active || status == .expired else { throw .orderNotActive }
        if isTaken { throw .orderTaken }
    }

    func checkRespondable() throws(UrgentProblem) {
        try checkTakenAndActive()
        if respondedAt != nil { throw .alreadyResponded }
    }

    func checkTakenAndActive() throws(UrgentProblem) {
        guard isActive else { throw .orderNotActive }
        guard isTaken else { throw .noExecutor }
    }

    /// - Parameter age: how long after its end an order may be renewed.
    func checkRenewable(within age: Duration) throws(UrgentProblem) {
        if isTaken { throw .orderTaken }
        switch status {
        case .active: throw .notExpired
        case .expired: break
        case .deleted, .closedNoResponse, .completed: throw .orderNotActive
        }
        if expiresAt + age < readAt { throw .orderNotActive }
    }
}

extension Order: Row {
    init(_ row: inout RowReader) throws { try self.init(OrderID(stored: row.next()), &row) }

    /// The columns behind the first.
    init(_ id: OrderID, _ row: inout RowReader) throws {
        self.id = id
        client = try row.next()
        category = try row.next()
        description = try row.next()
        city = try row.next()
        contact = try row.next()
        createdAt = try row.next()
        lifetimeMinutes = try row.next()
        storedStatus = try row.next()
        storedReason = try row.next()
        takers = try row.next()
        takenAt = try row.next()
        respondedAt = try row.next()
        isCityLocked = try row.next()
        expiresAt = try row.next()
        noResponseAt = try row.next()
        storedClosedAt = try row.next()
        renewedFrom = try row.next()
        latitude = try row.next()
        longitude = try row.next()
        rating = try row.next()
        reviewComment = try row.next()
        readAt = try row.next()
    }
}
