import Files
import Postgres
import Service
import Values

/// Pictures and papers of tickets: uploaded before, with their own purpose, and seen by whoever sees the words beside them.
extension Tickets {
    package static let filePurpose = "ticket_attachment"
    static let ofTicket = "ticket"
    static let ofComment = "ticket_comment"

    /// What this module registers at Files.
    package var filePurpose: FilePurpose {
        var purpose = FilePurpose(Self.filePurpose, FileType.images.union([.pdf]), limit: 10_000_000)
        purpose.reader = { [self] file, caller in try await shows(file, to: caller) }
        return purpose
    }

    private func shows(_ file: StoredFile, to caller: Caller) async throws -> Bool {
        guard caller.userID != nil, let object = file.object else { return false }
        switch object.type {
        case Self.ofTicket: return try await sight(of: ID(object.id), for: caller) != nil
        case Self.ofComment:
            guard let place = try await database.first(TicketQueries.place(ofComment: ID(object.id))),
                let sight = try await sight(of: place.ticket, for: caller)
            else { return false }
            return !place.isInternal || sight.isInside
        default: return false
        }
    }

    /// Nil for whom it is not there.
    private func sight(of id: ID<Ticket>, for caller: Caller) async throws -> TicketSight? {
        do {
            return try await seen(try await database.first(TicketQueries.ticket(id)), by: caller).sight
        } catch let problem as Problem where problem.status == 404 {
            return nil
        }
    }

    /// In the transaction that writes what they belong to.
    func attach(_ ids: [UUID], to type: String, _ object: UUID, of user: UUID) async throws {
        try await files.attach(
            ids.map { ID($0) }, to: FileObject(type: type, id: object), purpose: Self.filePurpose, of: user)
    }
}
