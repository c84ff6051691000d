import Crypto
import Identity
import Postgres
import Service
import Values

/// The door of invitations.
struct Invites: Sendable {
    let database: Database
    let units: Units
    let users: Users
    let residency: Residency
    let papers: Papers
    let correspondent: any Correspondent
    let botName: String?
    let trail: Trail
    let clock: Clock

    func create(_ body: NewInvite, by author: Author) async throws -> InviteView {
        let unit = try await units.see(body.unitId, for: author.caller, to: .residentsManage)
        if body.role == .owner {
            try author.caller.require(.ownersManage, seeing: .residentsManage, on: unit.path)
        }
        let token = Token.random().hex
        let now = clock.now()
        let invite = Invite(
            id: .new(), createdAt: now, updatedAt: now, unitId: unit.id, condoId: unit.condoId,
            companyId: unit.companyId, unitNumber: unit.number, sealedToken: papers.sealToken(token), email: body.email,
            phone: body.phone, role: body.role, expiresAt: now + .seconds(body.ttlDays * 86_400), isActive: true,
            maxUses: body.maxUses, usedCount: 0, acceptedAt: nil, createdBy: try author.userID)
        return try await database.changing(refusing: Self.refusals) {
            try await units.hold(unit.id)
            try await refuseResident(body.email, of: unit.id)
            try await database.execute(InviteQueries.retireExpired(of: unit.id, at: now))
            if body.replace {
                try await database.execute(
                    InviteQueries.replaceOpen(of: unit.id, email: body.email, phone: body.phone, at: now))
            }
            let hash = Self.hash(token)
            try await database.execute(InviteQueries.insert(invite, tokenHash: hash))
            if invite.email != nil || invite.phone != nil { try await send(invite, token: token, hash: hash) }
            await trail.record("invite_created", "invite", invite.id.description, new: trailed(invite), in: .unit(unit.id), by: author)
            return view(invite)
        }
    }

    func ofUnit(_ unit: ID<Unit>, _ filter: IncludeExpired, for caller: Caller) async throws -> [InviteView] {
        _ = try await units.see(unit, for: caller, to: .residentsManage)
        let rows = try await database.all(
            InviteQueries.ofUnit(unit, includeExpired: filter.includeExpired, at: clock.now()))
        return rows.map(view)
    }

    func one(_ id: ID<Invite>, for caller: Caller) async throws -> InviteView {
        guard let invite = try await database.first(InviteQueries.one(id)) else { throw HouseProblem.notFound.problem }
        try caller.require(.residentsManage, seeing: .unitsRead, on: invite.path)
        return view(invite)
    }

    func deactivate(_ id: ID<Invite>, by author: Author) async throws -> InviteView {
        _ = try await one(id, for: author.caller)
        return try await database.changing {
            let old = try await lock(id)
            var invite = old
            invite.isActive = false
            invite.updatedAt = clock.now()
            try await database.execute(InviteQueries.save(invite))
            await trail.record(
                "invite_deactivated", "invite", id.description, from: trailed(old), to: trailed(invite),
                in: .unit(invite.unitId), by: author)
            return view(invite)
        }
    }

    func delete(_ id: ID<Invite>, by author: Author) async throws {
        _ = try await one(id, for: author.caller)
        try await database.changing {
            let invite = try await lock(id)
            try await author.caller.checkMatch()
            try await database.execute(InviteQueries.delete(id, at: clock.now()))
            await trail.record(
                "invite_deleted", "invite", id.description, old: trailed(invite), in: .unit(invite.unitId), by: author)
        }
    }

    func validate(_ token: String) async throws -> InviteCheck {
        try check(token)
        guard let row = try await database.first(InviteQueries.preview(tokenHash: Self.hash(token))) else {
            return InviteCheck(valid: false, reason: Invite.Closure.notFound.rawValue, invite: nil)
        }
        if let closure = row.invite.closure(at: clock.now()) {
            return InviteCheck(valid: false, reason: closure.rawValue, invite: nil)
        }
        return InviteCheck(valid: true, reason: nil, invite: InviteCheck.Preview(row: row))
    }

    /// One transaction with the unit and the invite's row locked: spec 4.1. Two who accept a one-use invite at once meet
    /// there.
    func accept(_ token: String, by author: Author) async throws -> AcceptedInvite {
        try check(token)
        let user = try author.userID
        return try await database.changing(refusing: Residency.refusals) {
            guard let seen = try await database.first(InviteQueries.preview(tokenHash: Self.hash(token))) else {
                throw HouseProblem.notFound.problem
            }
            try author.caller.decidedByOwnership(on: seen.invite.path)
            let unit = try await residency.hold(user, movingTo: try await units.plain(seen.invite.unitId))
            var invite = try await lock(seen.invite.id)
            let now = clock.now()
            if let closure = invite.closure(at: now) { throw InviteProblem(closure) }
            try await refuseOtherAddress(invite, for: user)
            let id = try await residency.moveIn(user, to: unit, as: invite.role, by: author.trail)
            invite.use(at: now)
            try await database.execute(InviteQueries.save(invite))
            await trail.record("invite_accepted", "invite", invite.id.description, in: .unit(unit.id), by: author)
            let resident = try await database.one(ResidentQueries.one(id))
            return AcceptedInvite(
                resident: HouseholdView(resident, isOffice: false), unit: unit.shown(to: author.caller))
        }
    }

    private func lock(_ id: ID<Invite>) async throws -> Invite {
        guard let invite = try await database.first(InviteQueries.lock(id)) else { throw HouseProblem.notFound.problem }
        return invite
    }

    /// The daily sweep.
    func clean() async throws {
        try await database.execute(InviteQueries.clean(before: clock.now()))
    }

    private func view(_ invite: Invite) -> InviteView {
        InviteView(invite: invite, token: papers.token(of: invite), botName: botName)
    }

    /// As the trail shows it: without what admits.
    private func trailed(_ invite: Invite) -> InviteView { InviteView(invite: invite, token: nil, botName: nil) }

    private func send(_ invite: Invite, token: String, hash: String) async throws {
        guard let row = try await database.first(InviteQueries.preview(tokenHash: hash)) else { return }
        try await correspondent.invite(
            InviteLetter(
                inviteID: invite.id.uuid, email: invite.email, phone: invite.phone, token: token,
                unitNumber: invite.unitNumber, condoName: row.condoName, companyName: row.companyName,
                language: row.language, expiresAt: invite.expiresAt))
    }

    private func refuseOtherAddress(_ invite: Invite, for user: UUID) async throws {
        guard let wanted = invite.email else { return }
        let own = try await users.find(ID(user))
        guard own?.email?.lowercased() == wanted.lowercased() else { throw InviteProblem.emailMismatch }
        // Anybody can register with any address; whose it is shows when it is confirmed.
        guard own?.emailVerifiedAt != nil else { throw InviteProblem.emailUnconfirmed }
    }

    private func refuseResident(_ email: String?, of unit: ID<Unit>) async throws {
        guard let email else { return }
        let residents = try await database.all(ResidentQueries.ofUnit(unit, includeInactive: false))
        if residents.contains(where: { $0.email?.lowercased() == email.lowercased() }) {
            throw ResidentProblem.alreadyResident
        }
    }

    /// 32 random bytes as 64 hexadecimal digits; kept as their digest.
    private func check(_ token: String) throws {
        guard token.utf8.count == 64, Hex.decode(token) != nil else {
            throw InvalidInput(field: "token", code: "format", message: "must be 64 hexadecimal digits")
        }
    }

    private static func hash(_ token: String) -> String { Hex.encode(SHA256.digest(of: token.lowercased())) }

    private static let refusals = [
        "invites_one_per_email": InviteProblem.inviteExists.problem,
        "invites_one_open_link": InviteProblem.inviteExists.problem,
    ]
}
