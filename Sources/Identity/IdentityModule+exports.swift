import Service
import Values

extension IdentityModule {
    /// The accounts that there are now, the newest first, for a file. Who takes it is told in the trail before its first
    /// row; HEAD takes none.
    func exportUsers(_ filter: StaffFilter, by actor: AuditActor) async throws -> Export<UserView> {
        let condition = filter.condition(book)
        let start = UserCursor(before: clock.now())
        let rows = try await database.one(UserQueries.count(condition, after: start, upTo: ExportLimit.counted))
        return try Export(rows: rows) { [self] (last: UserView?, limit) in
            if last == nil { await audit.record(.exported("user", filter.details, rows: rows), by: actor) }
            let cursor = last.map { UserCursor(after: $0) } ?? start
            return try await views(try await database.all(UserQueries.list(condition, after: cursor, limit: limit)))
        }
    }
}

extension UserView {
    /// An account as a line of a file.
    static let columns: [ExportColumn<UserView>] = [
        ExportColumn("id") { $0.id.description }, ExportColumn("createdAt") { $0.createdAt.description },
        ExportColumn("email") { $0.email }, ExportColumn("emailVerifiedAt") { $0.emailVerifiedAt?.description },
        ExportColumn("phone") { $0.phone }, ExportColumn("phoneVerifiedAt") { $0.phoneVerifiedAt?.description },
        ExportColumn("firstName") { $0.firstName }, ExportColumn("middleName") { $0.middleName },
        ExportColumn("lastName") { $0.lastName }, ExportColumn("locale") { $0.locale.rawValue },
        ExportColumn("timeZone") { $0.timeZone }, ExportColumn("birthOn") { $0.birthOn?.description },
        ExportColumn("status") { $0.status.rawValue },
        ExportColumn("suspendedUntil") { $0.suspendedUntil?.description },
        ExportColumn("statusReason") { $0.statusReason }, ExportColumn("department") { $0.department?.rawValue },
        ExportColumn("roles") { view in view.roles.map(\.text).joined(separator: "; ") },
        ExportColumn("source") { $0.source }, ExportColumn("lastLoginAt") { $0.lastLoginAt?.description },
        ExportColumn("lastActiveAt") { $0.lastActiveAt?.description },
    ]
}

extension RoleView {
    /// `super_admin`, `director company:0190f7a2-…`
    fileprivate var text: String { scopeID.map { "\(role) \(scopeType):\($0)" } ?? role }
}
